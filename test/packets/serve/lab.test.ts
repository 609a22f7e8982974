import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AnswerJudged,
  BookState,
  CaptureAnswer,
  CheckAnswer,
  ExplainAnswer,
  HintAnswer,
  KernelView,
  LabDown,
  LabPage,
  MatrixAnswer,
  NextTask,
  ObjectsAnswer,
  PacketItem,
  PlaceListed,
  SolveAnswer,
  StageAnswer,
  TryAnswer,
} from '../../../lib/serve/api/shapes';
import { codeIn, doneOf, failedWith, type OpenedBook, openBook } from '../../serve/book';
import { describePackets } from '../kernel';

const LAB = 'k8s-5-network-policy';
const AT = `/api/labs/${LAB}`;

describePackets('a lab through the API of the lab book', () => {
  let book: OpenedBook;
  beforeAll(async () => {
    book = await openBook();
  });
  afterAll(async () => {
    expect(book.bugs).toEqual([]);
    await book.close();
  });
  const get = async <T>(path: string): Promise<T> => JSON.parse((await book.get(path)).text);
  const post = async <T>(path: string, value: unknown): Promise<T> =>
    JSON.parse((await book.post(path, value)).text);
  const state = () => get<BookState>('/api/state');

  test('before it is up, its text and objects are there and its packets are not', async () => {
    const page = await get<LabPage>(AT);
    expect(page).toMatchObject({ state: 'new', progress: null, step: 'isolate', running: null });
    expect(page.text).toMatch(/^# /);
    const objects = await get<ObjectsAnswer>(`${AT}/objects?stage=app`);
    expect(objects.own[0]?.text).toContain('kind: NetworkPolicy');
    expect(codeIn((await book.get(`${AT}/objects?stage=none`)).text)).toBe('unknown-stage');
    expect(failedWith(await book.stream(`${AT}/check`, {}))).toBe('nothing-up');
    expect(failedWith(await book.stream(`${AT}/down`, {}))).toBe('nothing-up');
  });

  test('it comes up with progress, and the state says that it ends with the server', async () => {
    const lines = await book.stream<NextTask>(`${AT}/up`, { hours: 1 });
    expect(lines.some((line) => line.kind === 'progress' && line.total !== undefined)).toBe(true);
    expect(doneOf(lines).next).toMatchObject({ step: 'isolate' });
    const { up, busy, progress } = await state();
    expect(up).toMatchObject([{ lab: LAB, stage: 'open', endsWithServer: true }]);
    expect(busy).toEqual({});
    expect(progress[LAB]).toMatchObject({ stage: 'open' });
  });

  test('a check fails first and says what was seen; a hint is counted', async () => {
    const { passed, results, because } = doneOf(await book.stream<CheckAnswer>(`${AT}/check`, {}));
    expect([passed, because]).toEqual([false, '']);
    expect(results[0]).toMatchObject({ kind: 'wrong', saw: expect.stringContaining('shop/') });
    expect(await post<HintAnswer>(`${AT}/hint`, {})).toMatchObject({ step: 'isolate', taken: 1 });
    expect((await state()).progress[LAB]?.hints).toEqual({ isolate: 1 });
  });

  test('it explains a flow, and sends its packet', async () => {
    const answer = await post<ExplainAnswer>(`${AT}/explain`, {
      from: 'shop/frontend',
      to: 'shop/db:5432',
      observed: true,
    });
    expect(answer).toMatchObject({
      predicted: { verdict: 'allowed', from: expect.stringContaining('shop/frontend') },
      observed: { observation: 'connected' },
      agreement: 'agrees',
    });
    expect(codeIn((await book.post(`${AT}/explain`, { from: 'a/b', to: 'c/d:1' })).text)).toBe(
      'unknown-flow',
    );
  });

  test('a draft is tried beside the lab and in it, and neither keeps it', async () => {
    const draft = {
      path: 'mine.yaml',
      text: JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'mine', namespace: 'shop' },
        spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] },
      }),
    };
    for (const on of ['scratch', 'lab'] as const) {
      const tried = doneOf(await book.stream<TryAnswer>(`${AT}/try`, { draft, on }));
      expect(tried.on).toBe(on);
      expect(tried.differing).toEqual([]);
      expect(tried.flows).toBeGreaterThan(50);
      expect(tried.changes).toContainEqual(
        expect.objectContaining({
          from: expect.stringContaining('frontend'),
          to: expect.stringContaining('db'),
          before: 'allowed',
          after: 'denied',
        }),
      );
    }
    const after = doneOf(await book.stream<MatrixAnswer>(`${AT}/matrix`, {}));
    expect(after.differing).toEqual([]);
    expect(after.ends.observed.verdicts.flat().filter((one) => one === 'denied')).toEqual([]);
    expect((await state()).up).toMatchObject([{ applied: [] }]);
  });

  test('a draft that cannot be read is a list of problems, and nothing moves', async () => {
    const draft = { path: 'mine.yaml', text: 'kind: NetworkPolicy\nspec: [' };
    const lines = await book.stream(`${AT}/try`, { draft, on: 'lab' });
    expect(failedWith(lines)).toBe('problems');
    expect((await state()).up).toMatchObject([{ applied: [] }]);
  });

  test('markup in names and texts comes back as it is, as JSON', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const draft = { path: 'mine.yaml', text: `kind: ${JSON.stringify(name)}\napiVersion: v1\n` };
    const { headers, text } = await book.post(`${AT}/try`, { draft });
    expect(headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(text).not.toContain('<html');
    expect((await book.post(`${AT}/answer`, { question: name, answer: name })).status).toBe(400);
  });

  test('packets are captured as they pass', async () => {
    const captured = book.stream<CaptureAnswer, PacketItem>(`${AT}/capture`, {
      place: 'shop/db-0',
      filter: 'tcp port 5432',
      count: 3,
      seconds: 20,
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await post(`${AT}/explain`, { from: 'shop/frontend', to: 'shop/db:5432', observed: true });
    const lines = await captured;
    expect(doneOf(lines)).toEqual({ packets: 3 });
    const items = lines.flatMap((line) => (line.kind === 'item' ? [line.item] : []));
    expect(items[0]).toMatchObject({
      device: 'eth0',
      way: 'in',
      protocol: 'TCP',
      destinationPort: 5432,
    });
    expect(items[0]?.text).toMatch(/In {2}IP .* TCP \[S\]/);
    expect(
      failedWith(await book.stream(`${AT}/capture`, { place: 'shop/db-0', device: 'eth9' })),
    ).toBe('no-device');
    expect(
      failedWith(await book.stream(`${AT}/capture`, { place: 'shop/db-0', filter: '; rm' })),
    ).toBe('bad-filter');
  });

  test('places and what the kernel has in them', async () => {
    const places = await get<readonly PlaceListed[]>(`${AT}/places`);
    expect(places).toContainEqual({ name: 'shop/db-0', kind: 'pod' });
    const kernel = await get<KernelView>(`${AT}/kernel?place=shop/db-0`);
    expect(JSON.stringify(kernel.links)).toContain('"eth0"');
    expect(JSON.stringify(kernel.routes)).toContain('"default"');
    expect((await book.get(`${AT}/kernel?place=;ls`)).status).toBe(400);
  });

  test('solved step by step, every check passes', async () => {
    for (const step of ['isolate', 'names', 'paths']) {
      const solved = doneOf(await book.stream<SolveAnswer>(`${AT}/solve`, {}));
      expect(solved).toMatchObject({ step, kind: 'stage', proof: { differing: [] } });
      const checked = doneOf(await book.stream<CheckAnswer>(`${AT}/check`, {}));
      expect(checked).toMatchObject({ step, passed: true });
      expect(checked.because).not.toBe('');
    }
    const page = await get<LabPage>(AT);
    expect(page.step).toBeNull();
    expect(page.progress?.solved).toEqual(['isolate', 'names', 'paths']);
    const wrong = await post<AnswerJudged>(`${AT}/answer`, {
      question: 'db-policy-alone',
      answer: 'd',
    });
    expect(wrong).toMatchObject({ verdict: 'wrong', why: expect.stringMatching(/^Not right/) });
    const right = await post<AnswerJudged>(`${AT}/answer`, {
      question: 'db-policy-alone',
      answer: 'b',
    });
    expect(right).toMatchObject({ verdict: 'right' });
  });

  test('a stage and a file of the learner change it, and are proven', async () => {
    const moved = doneOf(await book.stream<StageAnswer>(`${AT}/stage`, { stage: 'open' }));
    expect(moved).toMatchObject({ stage: 'open', differing: [] });
    expect(moved.changes.length).toBeGreaterThan(0);
    expect(failedWith(await book.stream(`${AT}/stage`, { stage: 'none' }))).toBe('unknown-stage');
    const text = readFileSync(join(__dirname, 'close-db.yaml'), 'utf8');
    const applied = doneOf(
      await book.stream<StageAnswer>(`${AT}/apply`, { name: 'close-db.yaml', text }),
    );
    expect(applied.changes.length).toBeGreaterThan(0);
    expect((await get<ObjectsAnswer>(`${AT}/objects`)).applied).toEqual([
      { path: 'close-db.yaml', text },
    ]);
    const removed = doneOf(
      await book.stream<StageAnswer>(`${AT}/apply`, { name: 'close-db.yaml', text: null }),
    );
    expect(removed.changes.length).toBe(applied.changes.length);
  });

  test('it goes down, and nothing is up', async () => {
    expect(doneOf(await book.stream<LabDown>(`${AT}/down`, {}))).toEqual({ lab: LAB, left: [] });
    expect((await state()).up).toEqual([]);
    expect(JSON.parse((await book.post(`${AT}/reset`, {})).text)).toEqual({ lab: LAB });
    expect((await state()).progress).toEqual({});
  });
});
