import {
  GetScheduleCommand,
  ResourceNotFoundException,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { EXPIRES_TAG, expiryStackName, OWNER_TAG, stackNames } from '../../model/lab-tags';
import { Failure } from '../../model/problem';
import type { Aws } from '../aws';
import type { Leftover } from '../inventory/leftover';
import { findStack } from '../inventory/stacks';
import { tagsOf } from '../tags';
import { awsAccount } from '../teardown/aws-account';
import { planSweep } from '../teardown/sweep';

/** A lab as its account shows it now; all amounts in USD. */
export interface LabLife {
  readonly lab: string;
  readonly owner: string;
  readonly stacks: readonly { readonly name: string; readonly status: string }[];
  /** When its first stack was made, ISO 8601. */
  readonly since: string;
  /** When it ends: by the schedule, or by its tag where the schedule is gone; ISO 8601. */
  readonly end:
    | {
        readonly kind: 'known';
        readonly expires: string /** Below 0: overdue. */;
        readonly hoursLeft: number;
      }
    | { readonly kind: 'unknown' };
  readonly perHour: number;
  /** What is there now, times the hours it can have been there: at most this. */
  readonly costSoFar: number;
  readonly resources: number;
}

/** The lab's state in the account, or `undefined` where none of its stacks is there. */
export async function lifeOf(aws: Aws, lab: string, now: Date): Promise<LabLife | undefined> {
  const found = await Promise.all(stackNames(lab).map((name) => findStack(aws, name)));
  const stacks = found.flatMap((stack) => stack ?? []);
  if (stacks.length === 0) return undefined;
  const tags = tagsOf(stacks[0]?.Tags);
  const { ours } = await planSweep(awsAccount(aws), lab);
  const since = Math.min(...stacks.map(({ CreationTime }) => (CreationTime ?? now).getTime()));
  const expires = (await scheduledEnd(aws, lab)) ?? tags[EXPIRES_TAG];
  const perHour = ours.reduce((sum: number, item: Leftover) => sum + item.perHour, 0);
  return {
    lab,
    owner: tags[OWNER_TAG] ?? '',
    stacks: stacks.map(({ StackName = '', StackStatus = '' }) => ({
      name: StackName,
      status: StackStatus,
    })),
    since: new Date(since).toISOString(),
    end:
      expires === undefined
        ? { kind: 'unknown' }
        : { kind: 'known', expires, hoursLeft: hoursBetween(now.getTime(), Date.parse(expires)) },
    perHour: Number(perHour.toFixed(4)),
    costSoFar: Number((perHour * hoursBetween(since, now.getTime())).toFixed(2)),
    resources: ours.length,
  };
}

/** Longest remaining life of a lab, in hours. A lab that is unused for three days is probably forgotten. */
export const LONGEST_HOURS = 72;

/**
 * Moves a lab's end by some hours, in the schedule that ends it; answers the new end. Throws a
 * failure where there is no schedule, or the new end is more than three days away.
 */
export async function extendLab(
  aws: Aws,
  lab: string,
  by: { readonly hours: number; readonly now: Date },
): Promise<string> {
  const schedule = await findSchedule(aws, lab);
  if (schedule === undefined) {
    const problem = `${lab} has no expiry in ${aws.region}: it is not deployed there`;
    throw new Failure(
      'no-expiry',
      problem,
      'lab status says what is there; lab up first, where it is nothing',
    );
  }
  const old = endOf(schedule.ScheduleExpression) ?? by.now.toISOString();
  const from = Math.max(Date.parse(old), by.now.getTime());
  const end = from + by.hours * 3_600_000;
  if (end > by.now.getTime() + LONGEST_HOURS * 3_600_000) {
    const problem = `a lab lives at most ${LONGEST_HOURS} hours from now`;
    throw new Failure('too-long', problem, 'extend it again while you need it');
  }
  const expires = `${new Date(end).toISOString().slice(0, 19)}Z`;
  const { Name, Target, FlexibleTimeWindow, Description, GroupName } = schedule;
  await aws.scheduler.send(
    new UpdateScheduleCommand({
      Name,
      Target,
      FlexibleTimeWindow,
      Description,
      GroupName,
      ScheduleExpression: `at(${expires.replace('Z', '')})`,
    }),
  );
  return expires;
}

async function findSchedule({ scheduler }: Aws, lab: string) {
  try {
    return await scheduler.send(new GetScheduleCommand({ Name: expiryStackName(lab) }));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

const scheduledEnd = async (aws: Aws, lab: string): Promise<string | undefined> =>
  endOf((await findSchedule(aws, lab))?.ScheduleExpression);

/** `at(2026-11-21T18:00:00)` is UTC where no zone is given (EventBridge Scheduler, types). */
function endOf(expression: string | undefined): string | undefined {
  const time = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression ?? '')?.[1];
  return time === undefined ? undefined : `${time}Z`;
}

const hoursBetween = (from: number, to: number): number =>
  Number(((to - from) / 3_600_000).toFixed(2));
