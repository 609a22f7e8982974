/** What would tell a value that is not known. */
export function tellBy(what: string): string {
  const [, name] = /(?:^|\s)(?:parameter )?((?<=parameter )\w+|AWS::\w+)/.exec(what) ?? [];
  if (name !== undefined) return `pass --parameter ${name}=…`;
  if (/^export /.test(what)) return 'give the template of the stack that exports it';
  return 'write the value itself';
}
