import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ChartClass } from './stage';

/** A chart that is nothing but what `build` puts into it. */
export const chart = (build: (chart: Chart) => void): ChartClass =>
  class extends Chart {
    constructor(scope: Construct, id: string) {
      super(scope, id);
      build(this);
    }
  };
