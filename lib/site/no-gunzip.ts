/** Stands in for `node:zlib` in the pages, where nothing is decompressed. */
export function gunzipSync(): never {
  throw new Error('compressed records are not read in a browser: decompress the file first');
}
