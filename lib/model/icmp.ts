import type { IpFamily } from './address';

/** An ICMP message: its type and code, 0 to 255 each (RFC 792; for IPv6 RFC 4443). */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
}

/** An echo request, which a flow with ICMP is unless it says otherwise. */
export const ECHO_REQUEST: Readonly<Record<IpFamily, IcmpMessage>> = {
  4: { type: 8, code: 0 },
  6: { type: 128, code: 0 },
};

/** Types of messages that are answered, with the type of the answer (IANA: ICMP and ICMPv6 parameters). */
const REPLIES: Readonly<Record<IpFamily, Readonly<Record<number, number>>>> = {
  4: { 8: 0, 10: 9, 13: 14, 15: 16, 17: 18 },
  6: { 128: 129, 133: 134, 135: 136 },
};

/** The type of the answer to a message; `undefined` where nothing answers it. */
export const replyType = ({ type }: IcmpMessage, family: IpFamily): number | undefined =>
  REPLIES[family][type];

/** Types whose only code is 0, so that a flow may leave it out. */
const ONE_CODE: readonly number[] = [0, 8, 13, 14, 15, 16, 17, 18, 128, 129];

/** Whether a message of this type has one code only. */
export const hasOneCode = (type: number): boolean => ONE_CODE.includes(type);
