const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/**
 * A copy of a text that was cut from a larger one. V8 keeps the larger text as long as the piece (sliced
 * strings), and records are cut from pieces of a file of a mebibyte each.
 */
export const detached = (text: string): string => DECODER.decode(ENCODER.encode(text));
