import { labs } from '../../labs';
import { findLab } from '../../lib/session/catalogue';
import { lackingFor } from '../../lib/session/needs';

const lab = findLab('k8s-6-ingress');

test('what a lab needs and this machine has not is named, with what to install', () => {
  const needs = [
    { name: 'sh', package: 'dash' },
    { name: 'no-such-server', package: 'server-light' },
    { name: 'no-such-tool', package: 'tool' },
  ];
  expect(lackingFor({ ...lab, needs })).toMatchObject({
    code: 'no-program',
    problem: 'lab k8s-6-ingress needs no-such-server and no-such-tool, which is not installed',
    fix: 'apt-get install server-light tool',
  });
  expect(lackingFor({ ...lab, needs: [{ name: 'sh', package: 'dash' }] })).toBeUndefined();
});

test('a lab with a door says what serves it, and one with a plugin of bash what reads JSON', () => {
  const needing = labs.filter(({ needs = [] }) => needs.length > 0).map(({ id }) => id);
  expect(needing).toEqual(['cni-5-your-plugin', 'k8s-6-ingress']);
});
