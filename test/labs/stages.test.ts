import { labs } from '../../labs';
import { flowsOf, parseArrow } from '../../lib/lab/resolve';
import { formatEnd } from '../../lib/model/flow';
import { createEngine } from '../../lib/reach/engine';
import { worldOf } from './lab-worlds';

const stages = labs.flatMap((lab) =>
  lab.environment.kind === 'cluster'
    ? lab.stages.map((stage) => ({
        lab,
        stage,
        home: lab.environment.kind === 'cluster' ? lab.environment.home : '',
      }))
    : [],
);

describe.each(stages)('$lab.id, stage $stage.name', ({ lab, stage, home }) => {
  const world = worldOf(lab, stage.name);
  const engine = createEngine(world, { staged: 'as-written' });

  /** Flows of an arrow that the engine decides otherwise than the stage promises. */
  const broken = (arrows: typeof stage.keeps, wanted: 'allowed' | 'denied'): readonly string[] =>
    arrows.flatMap((arrow) => {
      const flows = flowsOf(parseArrow(arrow), { world, home });
      if (flows.length === 0) return [`${arrow}: nobody is called that`];
      return flows
        .map((flow) => engine.explain(flow))
        .filter(({ verdict }) => verdict !== wanted)
        .map(
          ({ flow, verdict, by }) =>
            `${arrow}: ${formatEnd(flow.from)} -> ${formatEnd(flow.to)} is ${verdict}: ${by.map(({ because }) => because).join('; ')}`,
        );
    });

  test('keeps what it promises to keep', () => {
    expect(broken(stage.keeps, 'allowed')).toEqual([]);
  });

  test('closes what it promises to close', () => {
    expect(broken(stage.closes, 'denied')).toEqual([]);
  });
});
