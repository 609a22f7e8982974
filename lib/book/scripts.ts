const loading = new Map<string, Promise<void>>();

/**
 * Loads a script of the book once. Scripts and not modules: a page that was opened from a folder may not
 * load modules.
 * @throws Error where it cannot be loaded; the next call tries again
 */
export function loadScript(path: string): Promise<void> {
  const known = loading.get(path);
  if (known !== undefined) return known;
  const loaded = new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = path;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => {
      loading.delete(path);
      script.remove();
      reject(new Error(`${path} could not be loaded: reload the page`));
    });
    document.head.append(script);
  });
  loading.set(path, loaded);
  return loaded;
}
