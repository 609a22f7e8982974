import { useEffect, useState } from 'preact/hooks';

/** Does a media query hold now? The view follows it. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const follow = () => setHolds(list.matches);
    follow();
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, [query]);
  return holds;
}

/** Is the screen narrow? Maps then run from top to bottom. */
export const useNarrow = (): boolean => useMedia('(max-width: 700px)');
