/**
 * The document as xterm should see it. The policy of the page allows neither style elements nor style
 * attributes, not even empty ones. It does not restrict the object model (CSSOM), so the same styles go there.
 */
export const strictDocument: Document = new Proxy(document, {
  get(target, name) {
    if (name === 'createElement') return (tag: string) => styledByModel(target.createElement(tag));
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
});

/** An element whose style attribute is set by way of its `style` object. */
function styledByModel<E extends HTMLElement>(element: E): E {
  element.setAttribute = (name: string, value: string) => {
    if (name === 'style') element.style.cssText = value;
    else Element.prototype.setAttribute.call(element, name, value);
  };
  return element;
}

/**
 * From now on a style element of this page passes its text on to a style sheet that the page adopts. A part of
 * xterm asks the page itself for one; no other script of the book does.
 */
export function adoptStyles(): void {
  const create = document.createElement.bind(document);
  document.createElement = (tag: string, options?: ElementCreationOptions) =>
    tag === 'style' ? adoptedStyle(create('template')) : create(tag, options);
}

function adoptedStyle(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const text = { get: () => '', set: (value: string) => sheet.replaceSync(value) };
  Object.defineProperties(element, { textContent: text, innerText: text });
  const remove = element.remove.bind(element);
  element.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    remove();
  };
  return element;
}
