import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareReport } from '../../lib/cli/common/reports';
import { reportHtml } from '../../lib/site/report';
import { describePackets } from '../packets/kernel';
import { newPerson } from './run';

const HOSTILE = '<img src=x onerror=alert(1)>';
const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name}, note: '${HOSTILE}' } }
spec: { nodeName: node-a, containers: [{ name: c, image: '${HOSTILE}', ports: [{ containerPort: 80 }] }] }
`;
const deny = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress] }
`;
const before = [pod('web'), pod('db')].join('---\n').replaceAll(`, note: '${HOSTILE}'`, '');
const after = [before, deny].join('---\n');

const person = newPerson();
afterAll(() => person.leave());
person.write('before.yaml', before);
person.write('after.yaml', after);
person.write('flows.jsonl', '{"from":"shop/web","to":"shop/db","protocol":"TCP","port":80}\n');

/** The report that a command wrote. */
async function report(...words: readonly string[]): Promise<string> {
  const { code, err } = await person.here(...words, '--html', 'out.html');
  expect([code, err]).not.toEqual([2, expect.anything()]);
  return readFileSync(join(person.folder, 'out.html'), 'utf8');
}

/** It loads nothing and runs nothing, whoever made the files. */
function expectQuiet(html: string): void {
  expect(html.slice(0, 15)).toBe('<!doctype html>');
  expect(html.includes("default-src 'none'; style-src 'sha256-")).toBe(true);
  const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
  const loud = /^<(script|img|link|iframe|object|embed|base)|\s(on[a-z]+|src|style)=/i;
  expect(tags.filter((tag) => loud.test(tag))).toEqual([]);
  expect(html.match(/url\(|@import/g)).toBeNull();
}

const own = ['--manifests', 'after.yaml'];

test.each([
  ['matrix', [...own], 'flows are open'],
  ['diff', ['--from', 'before.yaml', '--to', 'after.yaml'], '2 paths close'],
  ['lint', [...own], /findings?|errors?|warnings?|notes?/],
  ['explain', ['shop/web', 'shop/db:80', ...own], 'The flow is denied'],
])('lab %s --html says the result, and the file loads nothing', async (command, words, says) => {
  const html = await report(command, ...words);
  expectQuiet(html);
  expect(/<h1>(.*?)<\/h1>/.exec(html)?.[1]).toMatch(says);
  expect(html.includes('report of <code>lab ')).toBe(true);
});

describePackets('lab compare --html', () => {
  test('has each flow with what was predicted and seen', async () => {
    const html = await report('compare', ...own, '--flows', 'flows.jsonl');
    expectQuiet(html);
    expect(/<h1>(.*?)<\/h1>/.exec(html)?.[1]).toBe('The flow went as predicted');
    expect(/<tbody>.*<\/tbody>/.exec(html)?.[0]).toMatch(
      /shop\/web -> shop\/db TCP 80.*denied.*denied.*agrees.*NetworkPolicy shop\/deny isolates/,
    );
  });
});

test('a comparison puts what differs first, and counts what is not listed', () => {
  const flow = (agreement: 'agrees' | 'differs' | 'not-comparable', name: string) =>
    ({ flow: name, predicted: 'allowed', seen: 'denied', agreement, because: HOSTILE }) as const;
  const many = Array.from({ length: 600 }, (_, i) => flow('agrees', `agrees ${i}`));
  const made = compareReport([
    ...many,
    flow('not-comparable', 'unknown'),
    flow('differs', 'wrong'),
  ]);
  expect(made.headline).toBe('1 of 602 flows differ from the prediction');
  expect(made.summary).toBe(
    '600 flows agree, 1 differ, 1 are not comparable. Packets were sent. 102 that agree are not listed.',
  );
  expect(made.compared?.slice(0, 2).map((one) => one.flow)).toEqual(['wrong', 'unknown']);
  expectQuiet(reportHtml({ ...made, command: 'lab compare', footer: HOSTILE }));
});
