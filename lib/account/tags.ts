/** Tags as the services list them, in the two spellings they use, as one record. */
export function tagsOf(
  tags: readonly Pair[] | Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  if (tags === undefined) return {};
  const pairs = Array.isArray(tags)
    ? tags.map(({ Key = '', Value = '' }: Pair): [string, string] => [Key, Value])
    : Object.entries(tags);
  return Object.fromEntries(pairs);
}

interface Pair {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}
