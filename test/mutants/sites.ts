import { parseSync } from '@swc/core';

/** A place in a source file that can be changed, and what it is changed into. */
export interface Site {
  /** Offsets in the file's UTF-8 bytes. */
  readonly start: number;
  readonly end: number;
  /** 1 is the first. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

interface Node {
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly [key: string]: unknown;
}

/** What an operator becomes. Sums are left out: most join texts, and tests do not pin words. */
const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
};

/** What a method becomes; `undefined`: the call is dropped, and what it was called on stays. */
const METHODS: Readonly<Record<string, string | undefined>> = {
  some: 'every',
  every: 'some',
  filter: undefined,
  startsWith: 'endsWith',
  endsWith: 'startsWith',
};

/**
 * Every site of a TypeScript file, in the order of the text: comparisons and logic turned round,
 * conditions negated, filters dropped, booleans and numbers changed. Types are left alone.
 */
export function sitesOf(text: string): readonly Site[] {
  // Positions of swc go on from file to file: a statement in front says where this one begins.
  const module = parseSync(`;${text}`, { syntax: 'typescript', target: 'es2022' });
  const bytes = Buffer.from(text);
  const found: Site[] = [];
  const offsetOf = (position: number): number => position - module.span.start - 1;
  const textOf = ({ span }: Node): string =>
    bytes.subarray(offsetOf(span.start), offsetOf(span.end)).toString();
  const add = (node: Node, after: string): void => {
    const start = offsetOf(node.span.start);
    const line = bytes.subarray(0, start).toString().split('\n').length;
    found.push({ start, end: offsetOf(node.span.end), line, before: textOf(node), after });
  };
  walk(module, (node) => {
    const after = changed(node, textOf);
    if (after !== undefined) add(node, after);
  });
  return found.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

/** What an expression is changed into; nothing for those that are left alone. */
function changed(node: Node, textOf: (node: Node) => string): string | undefined {
  switch (node.type) {
    case 'BinaryExpression': {
      const operator = OPERATORS[node.operator as string];
      const [left, right] = [textOf(node.left as Node), textOf(node.right as Node)];
      return operator && `${left} ${operator} ${right}`;
    }
    case 'BooleanLiteral':
      return String(!node.value);
    case 'NumericLiteral':
      return String((node.value as number) + 1);
    case 'UnaryExpression':
      return node.operator === '!' ? textOf(node.argument as Node) : undefined;
    case 'ConditionalExpression':
      return `!(${textOf(node.test as Node)}) ? ${textOf(node.consequent as Node)} : ${textOf(node.alternate as Node)}`;
    case 'CallExpression':
      return changedCall(node, textOf);
    default:
      return undefined;
  }
}

function changedCall(node: Node, textOf: (node: Node) => string): string | undefined {
  const callee = node.callee as Node;
  const property = callee.property as { readonly value?: string } | undefined;
  const name = property?.value ?? '';
  if (callee.type !== 'MemberExpression' || !(name in METHODS)) return undefined;
  const object = textOf(callee.object as Node);
  const method = METHODS[name];
  const rest = textOf(node).slice(textOf(callee).length);
  return method === undefined ? object : `${object}.${method}${rest}`;
}

/** Visits every expression; types, imports, and the names of properties are none. */
function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as Node;
  const isType = /^Ts(?!As|NonNull|Satisfies|ConstAssertion)/.test(node.type ?? '');
  if (isType || node.type === 'ImportDeclaration') return;
  if (node.span !== undefined) visit(node);
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'key' && key !== 'typeAnnotation' && key !== 'typeArguments') walk(child, visit);
  }
}
