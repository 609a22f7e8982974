import type { Decision, Verdict } from '../model/explanation';
import type { Direction, Flow } from '../model/flow';

/** A place in a picture, in pixels from its upper left corner at zoom 1. */
export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in a picture. */
export interface PictureArea extends PicturePoint {
  readonly width: number;
  readonly height: number;
}

/** What a box stands for. */
export type BoxKind =
  | 'namespace'
  | 'workload'
  | 'pod'
  | 'outside'
  | 'vpc'
  | 'zone'
  | 'subnet'
  | 'interface'
  | 'node'
  | 'machine'
  | 'router'
  | 'gateway'
  | 'balancer'
  | 'endpoint';

/** The role of a text; a theme gives it size, weight and colour. */
export type TextStyle = 'title' | 'group' | 'detail' | 'mono' | 'label' | 'badge' | 'caption';

/** A line of text with its measured width; `x`, `y` is the start (or middle) of its baseline. */
export interface PictureText extends PicturePoint {
  readonly text: string;
  readonly style: TextStyle;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly width: number;
}

/** How loud something is: what is chosen, the rest, and the rest while something is chosen. */
export type Emphasis = 'normal' | 'quiet' | 'chosen';

/**
 * A bar at a border: policies isolate what is inside. `solid`: only drawn edges pass. `hollow`: all
 * but crossed edges pass. `change` is against the stage before.
 */
export interface PictureWall extends PictureArea {
  readonly direction: Direction;
  readonly kind: 'solid' | 'hollow';
  readonly change: 'same' | 'new' | 'removed';
  /** Policies that isolate, such as `NetworkPolicy shop/web`. */
  readonly by: readonly string[];
}

/** A box: something that stands somewhere. Its id is stable between stages and equals `Hop.id`. */
export interface PictureBox extends PictureArea {
  readonly id: string;
  readonly kind: BoxKind;
  /** Id of the box around it. */
  readonly parent?: string;
  /** `open`: no policy selects it (dashed). */
  readonly outline: 'open' | 'closed' | 'plain';
  readonly emphasis: Emphasis;
  readonly texts: readonly PictureText[];
  readonly walls: readonly PictureWall[];
  /** What it is, in full: the texts may be shortened. */
  readonly about: string;
}

/**
 * What an edge says. `allows`: a rule allows it. `opened`, `closed`: against the stage before. `denies`:
 * refused though most is allowed. `some`: replicas differ. `there`, `back`, `unreached`: a chosen flow.
 */
export type EdgeState =
  | 'allows'
  | 'opened'
  | 'closed'
  | 'denies'
  | 'no-route'
  | 'unknown'
  | 'some'
  | 'failed'
  | 'there'
  | 'back'
  | 'unreached'
  | 'link';

/** The label of an edge: its ports, on a small box. */
export interface EdgeLabel extends PictureArea {
  readonly text: PictureText;
  /** Drawn before the text. */
  readonly mark?: 'plus' | 'cross' | 'question' | 'half' | 'bar';
}

/** A line between two boxes, bundled from the flows of their workloads. */
export interface PictureEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly state: EdgeState;
  readonly emphasis: Emphasis;
  /** Corners, from the caller to the called. */
  readonly points: readonly PicturePoint[];
  /** Absent: there was no free place; show it on hover. */
  readonly label?: EdgeLabel;
  readonly about: string;
  /** One flow of each bundled pair, to explain. */
  readonly examples: readonly Flow[];
}

/** A sign on a box or a way. `step` numbers the hops of a chosen flow, there and back, from 1. */
export interface PictureMark extends PicturePoint {
  readonly id: string;
  readonly kind: 'hop' | 'denied' | 'unknown' | 'no-route' | 'direction' | 'caption';
  /** The radius of a round mark; half the width of a caption. */
  readonly radius: number;
  readonly text?: PictureText;
  readonly step?: number;
  readonly state: 'reached' | 'unreached' | 'stop' | 'chosen';
  /** For `direction`: where the arrow points, in degrees clockwise from right. */
  readonly angle?: number;
  /** Id of the box that it belongs to. */
  readonly of: string;
  readonly about: string;
}

/** A line of a row: what one filter said, there or back. */
export interface HopRowLine {
  readonly way: 'there' | 'back';
  readonly kind: Decision['kind'] | 'note';
  readonly text: string;
}

/** A device of a way with its numbers there and back, and what its filters said. */
export interface HopRow {
  readonly box: string;
  readonly device: string;
  readonly there?: number;
  readonly back?: number;
  readonly isReached: boolean;
  readonly lines: readonly HopRowLine[];
}

/** An entry of the legend: only what is on the picture. */
export type LegendEntry =
  | 'walled'
  | 'hollow'
  | 'open'
  | 'new-wall'
  | 'removed-wall'
  | Exclude<EdgeState, 'link'>
  | 'stop';

/** A network as boxes, edges and marks with their coordinates: plain data, drawn by `svgOf`. */
export interface Picture {
  readonly title: string;
  /** One or two sentences: the whole picture for one who does not see it. */
  readonly about: string;
  readonly width: number;
  readonly height: number;
  /** Outer boxes first. */
  readonly boxes: readonly PictureBox[];
  readonly edges: readonly PictureEdge[];
  readonly marks: readonly PictureMark[];
  readonly legend: readonly LegendEntry[];
  /** Of a way: its devices as a list, with what each filter said. */
  readonly rows?: readonly HopRow[];
}

/** How many flows of a pair of boxes have which verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;
