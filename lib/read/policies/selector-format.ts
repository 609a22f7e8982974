import type { Selector } from '../../model/selector';

/** A selector as Calico itself writes it: every `&&` and `||` in brackets, double quotes. */
export function formatSelector(selector: Selector): string {
  switch (selector.kind) {
    case 'all':
    case 'global':
      return `${selector.kind}()`;
    case 'has':
      return `has(${selector.label})`;
    case 'equals':
      return `${selector.label} == ${quoted(selector.value)}`;
    case 'not-equals':
      return `${selector.label} != ${quoted(selector.value)}`;
    case 'contains':
      return `${selector.label} contains ${quoted(selector.value)}`;
    case 'starts-with':
    case 'ends-with':
      return `${selector.label} ${selector.kind.replace('-', ' ')} ${quoted(selector.value)}`;
    case 'in':
    case 'not-in': {
      const values = [...selector.values].map(quoted).join(', ');
      return `${selector.label} ${selector.kind.replace('-', ' ')} {${values}}`;
    }
    case 'not':
      return `!${formatSelector(selector.operand)}`;
    case 'and':
    case 'or': {
      const sign = selector.kind === 'and' ? ' && ' : ' || ';
      return `(${selector.operands.map(formatSelector).join(sign)})`;
    }
  }
}

const quoted = (value: string): string => (value.includes('"') ? `'${value}'` : `"${value}"`);
