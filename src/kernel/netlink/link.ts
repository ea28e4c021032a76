/** Links: RTM_NEWLINK, RTM_SETLINK, RTM_DELLINK, RTM_GETLINK and their alternative names. */

import type { BridgePort } from './bridge-port.ts';
import * as rt from './constants.ts';
import { IFLA_GROUP, IFLA_PROP_LIST, IFLA_ALT_IFNAME } from './link-attributes.ts';
import { decodeLink } from './link-decode.ts';
import {
  encodeChange,
  encodeGet,
  encodeList,
  encodeNew,
  encodePort,
  encodeSelector,
  writeHeader,
} from './link-encode.ts';
import type {
  Change,
  Link,
  LinkFilter,
  LinkSelector,
  LinkSettings,
  NameChange,
  NewLink,
  PortChange,
} from './link-model.ts';
import type { Query, Request } from './request.ts';

export { decodeLink } from './link-decode.ts';
export type { Link, LinkFilter, LinkSelector, LinkSettings, LinkStatistics, NewLink } from './link-model.ts';

/** Makes a link; EEXIST when the name is taken. Alias and address generation are set right after (the kernel's rule). */
export function createLink(spec: NewLink): Request<NewLink> {
  const flags = rt.NLM_F_CREATE | rt.NLM_F_EXCL;
  const request = {
    type: rt.RTM_NEWLINK,
    flags,
    lane: 'quick',
    spec,
    encode: encodeNew,
    describe: describeNew,
    cost: 300,
  } as const;
  const { name, alias, addressGeneration, up } = spec;
  if (alias === undefined && addressGeneration === undefined) return request;
  const later = {
    ...(alias !== undefined && { alias }),
    ...(addressGeneration !== undefined && { addressGeneration }),
  };
  if (addressGeneration === undefined || !up) return { ...request, followUps: [changeLink({ name }, later)] };
  // A link that is up has generated its address already.
  return {
    ...request,
    spec: { ...spec, up: false },
    followUps: [changeLink({ name }, later), changeLink({ name }, { up })],
  };
}

/** Changes a link; a new name needs the index to select it by. Moving it, taking it down or out of its master waits for RCU and goes the slow way. */
export function changeLink(link: LinkSelector, settings: LinkSettings): Request<Change> {
  const slow = settings.namespace !== undefined || settings.up === false || settings.master === 0;
  return {
    type: rt.RTM_NEWLINK,
    flags: 0,
    lane: slow ? 'slow' : 'quick',
    spec: { link, settings },
    encode: encodeChange,
    describe: describeChange,
    cost: settings.up === undefined && settings.mtu === undefined ? 15 : 60,
  };
}

/** Sets what a bridge does with one of its ports. */
export function changeBridgePort(link: { readonly index: number }, port: BridgePort): Request<PortChange> {
  const spec = { index: link.index, port };
  return { type: rt.RTM_SETLINK, flags: 0, lane: 'quick', spec, encode: encodePort, describe: describePort, cost: 15 };
}

/** Removes a link (16-20 ms alone; many at once are removed together, see Rtnl). */
export function deleteLink(link: LinkSelector): Request<LinkSelector> {
  return {
    type: rt.RTM_DELLINK,
    flags: 0,
    lane: 'remove',
    spec: link,
    encode: encodeSelector,
    describe: describeDelete,
    cost: 2000,
  };
}

/** Removes all links of a group, in one step. */
export function deleteLinkGroup(group: number): Request<number> {
  return {
    type: rt.RTM_DELLINK,
    flags: 0,
    lane: 'slow',
    spec: group,
    encode(encoder) {
      writeHeader(encoder, rt.AF_UNSPEC, 0, 0, 0);
      encoder.attributeU32(IFLA_GROUP, group);
    },
    describe: () => `delete links of group ${group}`,
    cost: 5000,
  };
}

export function addAlternativeName(link: LinkSelector, name: string): Request<NameChange> {
  return alternativeName(rt.RTM_NEWLINKPROP, rt.NLM_F_CREATE | rt.NLM_F_EXCL, { link, name });
}

export function removeAlternativeName(link: LinkSelector, name: string): Request<NameChange> {
  return alternativeName(rt.RTM_DELLINKPROP, 0, { link, name });
}

export function getLink(link: LinkSelector): Query<Link, LinkSelector> {
  return {
    type: rt.RTM_GETLINK,
    flags: 0,
    spec: link,
    encode: encodeGet,
    describe: describeGet,
    decode: (message) => decodeLink(message),
  };
}

export function listLinks(filter: LinkFilter = {}): Query<Link, LinkFilter> {
  return {
    type: rt.RTM_GETLINK,
    flags: rt.NLM_F_DUMP,
    spec: filter,
    encode: encodeList,
    describe: () => 'list links',
    decode: (message, { statistics }) => decodeLink(message, statistics),
  };
}

/** A link in words: `tap1` or `#5`. */
export function describeLink(link: LinkSelector): string {
  return link.name ?? `#${link.index}`;
}

function alternativeName(type: number, flags: number, spec: NameChange): Request<NameChange> {
  const verb = type === rt.RTM_NEWLINKPROP ? 'add' : 'remove';
  return {
    type,
    flags,
    lane: 'quick',
    spec,
    encode(encoder, { link, name }) {
      encodeSelector(encoder, link);
      const nest = encoder.beginNest(IFLA_PROP_LIST);
      encoder.attributeString(IFLA_ALT_IFNAME, name);
      encoder.endNest(nest);
    },
    describe: ({ link, name }) => `${verb} alternative name ${name} of link ${describeLink(link)}`,
    cost: 10,
  };
}

function describeNew(spec: NewLink): string {
  return `create ${spec.kind.type === 'other' ? spec.kind.name : spec.kind.type} ${spec.name}`;
}

function describeChange({ link, settings }: Change): string {
  return `change ${Object.keys(settings).join(', ')} of link ${describeLink(link)}`;
}

function describePort({ index, port }: PortChange): string {
  return `change ${Object.keys(port).join(', ')} of bridge port #${index}`;
}

function describeDelete(link: LinkSelector): string {
  return `delete link ${describeLink(link)}`;
}

function describeGet(link: LinkSelector): string {
  return `get link ${describeLink(link)}`;
}
