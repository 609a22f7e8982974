import { draftStreams, keepValues } from './drafts';
import { judgeStreams, judgeValues } from './judge';
import { labRoutes } from './labs';
import { learnStreams, learnValues } from './learn';
import { packetStreams } from './packets';
import type { StreamHandlers, ValueHandlers } from './types';

/** Routes that answer one value. */
export const VALUE_ROUTES: ValueHandlers = {
  ...labRoutes,
  ...learnValues,
  ...judgeValues,
  ...keepValues,
};

/** Routes that answer a stream of lines. */
export const STREAM_ROUTES: StreamHandlers = {
  ...learnStreams,
  ...judgeStreams,
  ...draftStreams,
  ...packetStreams,
};
