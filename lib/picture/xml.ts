/** Attributes of an element; `undefined` ones are left out. */
export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/** Characters that XML 1.0 does not allow, and halves of surrogate pairs. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text as the content or an attribute of an element: never markup. */
export const escapeXml = (text: string): string =>
  text
    .replace(FORBIDDEN, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** An element with its attributes and its content, which is markup already. */
export function element(name: string, attributes: XmlAttributes, content = ''): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined
      ? []
      : [` ${key}="${typeof value === 'number' ? rounded(value) : escapeXml(value)}"`],
  );
  const head = `<${name}${written.join('')}`;
  return content === '' ? `${head}/>` : `${head}>${content}</${name}>`;
}

/** Coordinates need no more than a hundredth of a pixel. */
const rounded = (value: number): string => `${Math.round(value * 100) / 100}`;
