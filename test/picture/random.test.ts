import fc from 'fast-check';
import { pictureOf } from '../../lib/picture/map';
import { svgOf } from '../../lib/picture/svg';
import { DARK, LIGHT } from '../../lib/picture/theme';
import { escapeXml } from '../../lib/picture/xml';
import { namespace, pod } from '../build/manifests';
import { EVERY_KIND, randomCluster } from '../build/random-cluster';
import { flawsOf } from './geometry';
import { stageFrom } from './stages';

test('maps of random clusters overlap nowhere, and are drawn the same twice', () => {
  fc.assert(
    fc.property(randomCluster(EVERY_KIND), ({ objects, policies }) => {
      const [before, stage] = [stageFrom([...objects]), stageFrom([...objects, ...policies])];
      const picture = pictureOf(stage, { before });
      expect(flawsOf(picture)).toEqual([]);
      expect(pictureOf(stage, { before })).toEqual(picture);
    }),
    { numRuns: 20, verbose: true },
  );
});

/** Every tag is closed, in order: enough of XML to find a name that became markup. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (close !== '') {
      if (open.pop() !== name) return false;
    } else if (self === '') open.push(name);
  }
  return open.length === 0 && !/<(?![/a-z])/.test(svg);
}

test('names are text, whatever is in them', () => {
  const stage = stageFrom([namespace('shop'), pod('shop/web')]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (title) => {
      for (const theme of [LIGHT, DARK]) {
        const svg = svgOf(pictureOf(stage, { title: `<script>${title}</script>"'&]]>` }), theme);
        expect(isWellFormed(svg)).toBe(true);
        expect(svg).not.toContain('<script');
      }
    }),
    { numRuns: 50, verbose: true },
  );
  expect(escapeXml('\u0000\ud800<a href="x">')).toBe('\ufffd\ufffd&lt;a href=&quot;x&quot;&gt;');
});
