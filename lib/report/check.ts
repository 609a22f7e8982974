import { describeCheck } from '../lab/check';
import type { CheckResult } from '../lab/check-result';
import type { Palette } from './palette';

/** One check's result in words: never only "failed". */
export function checkResultText(result: CheckResult, palette: Palette): string {
  const title = describeCheck(result.check);
  switch (result.kind) {
    case 'right':
      return `${palette.good('right')}  ${title}\n       ${palette.quiet(result.check.because)}`;
    case 'wrong':
      return [
        `${palette.bad('wrong')}  ${title}`,
        ...(result.parts ?? [result.saw]).map(
          (part, i) => `       ${i === 0 ? 'saw:  ' : '      '} ${part}`,
        ),
        `       means: ${result.means}`,
        `       look:  ${result.look}`,
      ].join('\n');
    case 'elsewhere':
      return `${palette.doubt('not here')}  ${title}\n       ${result.why}`;
  }
}
