import { type Progress, readProgress } from '../lab/progress';

export type ThemeName = 'light' | 'dark';

/** What this browser keeps; a browser that keeps nothing is served all the same. */
function kept(name: string): string | undefined {
  try {
    return localStorage.getItem(`lab-book ${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

function keep(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`lab-book ${name}`);
    else localStorage.setItem(`lab-book ${name}`, value);
  } catch {
    // Private windows and full disks: the page goes on without.
  }
}

export function keptTheme(): ThemeName | undefined {
  const name = kept('theme');
  return name === 'light' || name === 'dark' ? name : undefined;
}

export const keepTheme = (theme: ThemeName | undefined): void => keep('theme', theme);

/** Progress in the published book; what cannot be read is left alone and not shown. */
export function keptProgress(): Progress {
  const text = kept('progress');
  if (text === undefined) return {};
  try {
    return readProgress(text);
  } catch {
    return {};
  }
}

export const keepProgress = (progress: Progress): void =>
  keep('progress', JSON.stringify(progress));
