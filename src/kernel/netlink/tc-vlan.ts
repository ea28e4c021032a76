/** Filters of traffic control that add and remove VLAN tags of every frame (cls_matchall with act_vlan). */

import * as rt from './constants.ts';
import type { Encoder } from './encoder.ts';
import { Attributes, read32 } from './reader.ts';
import type { MessageView } from './reader.ts';
import type { Query, Request } from './request.ts';
import type { Direction } from './tc.ts';

/** One tag that goes, or one that becomes the outermost. */
export type TagStep = { readonly pop: true } | { readonly push: number; readonly protocol: number };

export interface TagFilter {
  readonly link: number;
  readonly direction: Direction;
  /** 1-65535; lower first. */
  readonly priority: number;
  /** In this order; at least one. Filters of higher numbers see the frame after them. */
  readonly steps: readonly TagStep[];
}

/** Adds the filter; EEXIST when there is one of this priority. The link must have clsact. */
export function addTagFilter(spec: TagFilter): Request<TagFilter> {
  return {
    type: rt.RTM_NEWTFILTER,
    flags: rt.NLM_F_CREATE | rt.NLM_F_EXCL,
    lane: 'quick',
    spec,
    encode: encodeTagFilter,
    describe: ({ direction, link }) => `rewrite VLAN tags at ${direction} of link #${link}`,
    cost: 40,
  };
}

/** Filters with VLAN actions of one link and direction. */
export function listTagFilters(spec: Pick<TagFilter, 'link' | 'direction'>): Query<TagFilter, typeof spec> {
  return {
    type: rt.RTM_GETTFILTER,
    flags: rt.NLM_F_DUMP,
    spec,
    encode: (encoder, { link, direction }) => writeHeader(encoder, link, PARENTS[direction], 0),
    describe: ({ link, direction }) => `list ${direction} filters of link #${link}`,
    decode: decodeTagFilter,
  };
}

function encodeTagFilter(encoder: Encoder, { link, direction, priority, steps }: TagFilter): void {
  writeHeader(encoder, link, PARENTS[direction], ((priority << 16) | ETH_P_ALL) >>> 0);
  encoder.attributeString(TCA_KIND, 'matchall');
  const options = encoder.beginNest(TCA_OPTIONS);
  const actions = encoder.beginNest(TCA_MATCHALL_ACT);
  steps.forEach((step, index) => {
    const action = encoder.beginNest(index + 1);
    encoder.attributeString(TCA_ACT_KIND, 'vlan');
    const parameters = encoder.beginNest(TCA_ACT_OPTIONS);
    writeStep(encoder, step, index === steps.length - 1);
    encoder.endNest(parameters);
    encoder.endNest(action);
  });
  encoder.endNest(actions);
  encoder.endNest(options);
}

/** struct tc_vlan, then the tag */
function writeStep(encoder: Encoder, step: TagStep, last: boolean): void {
  const parameters = encoder.beginNest(TCA_VLAN_PARMS, 0);
  encoder.u32(0);
  encoder.u32(0);
  encoder.u32(last ? TC_ACT_UNSPEC : TC_ACT_PIPE);
  encoder.u32(0);
  encoder.u32(0);
  encoder.u32('pop' in step ? TCA_VLAN_ACT_POP : TCA_VLAN_ACT_PUSH);
  encoder.endNest(parameters);
  if ('pop' in step) return;
  encoder.attributeU16(TCA_VLAN_PUSH_VLAN_ID, step.push);
  encoder.attributeBe16(TCA_VLAN_PUSH_VLAN_PROTOCOL, step.protocol);
}

function decodeTagFilter(message: MessageView): TagFilter | undefined {
  const { buffer, payload } = message;
  const parent = read32(buffer, payload + 12);
  const steps: TagStep[] = [];
  const attributes = Attributes.of(message, 20);
  while (attributes.next()) if (attributes.type === TCA_OPTIONS) readOptions(attributes.nested(), steps);
  if (steps.length === 0) return undefined;
  return {
    link: read32(buffer, payload + 4),
    direction: parent === PARENTS.ingress ? 'ingress' : 'egress',
    priority: read32(buffer, payload + 16) >>> 16,
    steps,
  };
}

function readOptions(options: Attributes, steps: TagStep[]): void {
  while (options.next()) {
    if (options.type !== TCA_MATCHALL_ACT) continue;
    const actions = options.nested();
    while (actions.next()) {
      const step = readAction(actions.nested());
      if (step) steps.push(step);
    }
  }
}

function readAction(action: Attributes): TagStep | undefined {
  let kind = '';
  let step: TagStep | undefined;
  while (action.next()) {
    if (action.type === TCA_ACT_KIND) kind = action.string();
    else if (action.type === TCA_ACT_OPTIONS && kind === 'vlan') step = readStep(action.nested());
  }
  return step;
}

function readStep(parameters: Attributes): TagStep | undefined {
  let action = 0;
  let push = 0;
  let protocol = 0;
  while (parameters.next()) {
    if (parameters.type === TCA_VLAN_PARMS) action = parameters.u32(20);
    else if (parameters.type === TCA_VLAN_PUSH_VLAN_ID) push = parameters.u16();
    else if (parameters.type === TCA_VLAN_PUSH_VLAN_PROTOCOL) protocol = parameters.be16();
  }
  if (action === TCA_VLAN_ACT_POP) return { pop: true };
  return action === TCA_VLAN_ACT_PUSH ? { push, protocol } : undefined;
}

/** struct tcmsg */
function writeHeader(encoder: Encoder, link: number, parent: number, info: number): void {
  encoder.u32(0);
  encoder.u32(link);
  encoder.u32(0);
  encoder.u32(parent);
  encoder.u32(info);
}

const PARENTS: Readonly<Record<Direction, number>> = { ingress: 0xfffffff2, egress: 0xfffffff3 };
/** In network order in a host word: htons(3). */
const ETH_P_ALL = 0x0300;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const TCA_MATCHALL_ACT = 2;
const TCA_ACT_KIND = 1;
const TCA_ACT_OPTIONS = 2;
const TCA_VLAN_PARMS = 2;
const TCA_VLAN_PUSH_VLAN_ID = 3;
const TCA_VLAN_PUSH_VLAN_PROTOCOL = 4;
const TCA_VLAN_ACT_POP = 1;
const TCA_VLAN_ACT_PUSH = 2;
const TC_ACT_PIPE = 3;
/** Goes on with the next filter. */
const TC_ACT_UNSPEC = 0xffffffff;
