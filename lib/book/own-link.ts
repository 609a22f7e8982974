/** Longer links are cut off by programs that people send them with. */
const MOST_LINK = 30_000;

/** A link unpacks to at most that many bytes: its author may be an attacker. */
const MOST_UNPACKED = 32 * 1024 * 1024;

/**
 * Text as a part of an address: deflated (RFC 1951), in the alphabet of addresses (RFC 4648, section 5). What
 * stands after `#` is sent to no server (RFC 3986, section 3.5). `undefined` where it is too long for a link.
 */
export async function packed(text: string): Promise<string | undefined> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (bytes.length > (MOST_LINK * 3) / 4) return undefined;
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What `packed` packed; `undefined` where it is something else, or unpacks to more than a page may hold. */
export async function unpacked(part: string): Promise<string | undefined> {
  try {
    const characters = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return await limited(stream.getReader());
  } catch {
    return undefined;
  }
}

async function limited(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<string | undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > MOST_UNPACKED) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
