/** Network namespaces that Linux objects name, and the notification that a microservice runs. */

import { NetNamespace_ReferenceType } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { NetNamespace } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { asKey } from '../../model/key.ts';
import type { Key } from '../../model/key.ts';
import type { Dependency, Kind, Problem } from '../../scheduler/kind.ts';
import { enumProblem, nameProblem, quote, report } from '../check.ts';

/** Told by whoever watches containers: one with this label runs. */
export const microservice: Kind<Microservice> = {
  name: 'linux.microservice',
  label: (key) => `microservice ${key.slice(MICROSERVICE_PREFIX.length)}`,
};

export interface Microservice {
  readonly label: string;
  /** Process id of the container's first process. */
  readonly pid: number;
}

/** Told by the kernel's side: which namespaces of processes and files there are has been looked up anew. */
export const hostNamespaces: Kind<HostNamespaces> = {
  name: 'linux.namespaces',
  label: () => 'namespaces of the host',
};

export interface HostNamespaces {
  /** Counts; whoever asks within one look gets the same answer. */
  readonly look: number;
}

export const HOST_NAMESPACES_KEY = asKey('linux/namespaces');

const MICROSERVICE_PREFIX = 'linux/microservice/';

export function microserviceKey(label: string): Key {
  return asKey(MICROSERVICE_PREFIX + label);
}

export function microserviceDependency(label: string): Dependency {
  return { label: `microservice ${label}`, key: microserviceKey(label) };
}

/** Whether it is the agent's own namespace: none given, or a file without a path. */
export function isOwnNamespace(namespace: NetNamespace | undefined): boolean {
  if (namespace === undefined || namespace.type === NetNamespace_ReferenceType.UNDEFINED) return true;
  return namespace.type === NetNamespace_ReferenceType.FD && namespace.reference === '';
}

/** The namespace as people name it, also its identity: `the agent's namespace`, `namespace pod1`, `namespace of pid 12`. */
export function namespaceLabel(namespace: NetNamespace | undefined): string {
  if (namespace === undefined || isOwnNamespace(namespace)) return "the agent's namespace";
  switch (namespace.type) {
    case NetNamespace_ReferenceType.PID:
      return `namespace of pid ${namespace.reference}`;
    case NetNamespace_ReferenceType.FD:
      return `namespace at ${namespace.reference}`;
    case NetNamespace_ReferenceType.MICROSERVICE:
      return `namespace of microservice ${namespace.reference}`;
    default:
      return `namespace ${namespace.reference}`;
  }
}

export function sameNamespace(left: NetNamespace | undefined, right: NetNamespace | undefined): boolean {
  return left === right || namespaceLabel(left) === namespaceLabel(right);
}

/** The microservice whose namespace it is has to run. */
export function namespaceDependency(namespace: NetNamespace | undefined): Dependency | undefined {
  if (namespace?.type !== NetNamespace_ReferenceType.MICROSERVICE) return undefined;
  return microserviceDependency(namespace.reference);
}

export function reportNamespace(problems: Problem[], namespace: NetNamespace | undefined): void {
  if (namespace === undefined) return;
  const { type, reference } = namespace;
  report(problems, enumProblem(type, NetNamespace_ReferenceType), 'namespace.type');
  report(problems, referenceProblem(type, reference), 'namespace.reference');
}

function referenceProblem(type: NetNamespace_ReferenceType, reference: string): string | undefined {
  switch (type) {
    case NetNamespace_ReferenceType.UNDEFINED:
      return reference === '' ? undefined : `${quote(reference)} has no type: set namespace.type to say what it is`;
    case NetNamespace_ReferenceType.NSID:
      return nsidProblem(reference);
    case NetNamespace_ReferenceType.PID:
      return pidProblem(reference);
    case NetNamespace_ReferenceType.FD:
      return pathProblem(reference);
    default:
      return nameProblem(reference, 'the label of a microservice', 255);
  }
}

/** It becomes a file name in /var/run/netns. */
function nsidProblem(reference: string): string | undefined {
  const problem = nameProblem(reference, 'the name of a namespace', 255);
  if (problem !== undefined || !reference.includes('/')) return problem;
  return `${quote(reference)} is not the name of a namespace: no slashes (for a path use type FD)`;
}

function pidProblem(reference: string): string | undefined {
  const pid = Number(reference);
  // The kernel's largest pid (PID_MAX_LIMIT).
  if (Number.isInteger(pid) && pid > 0 && pid <= 4_194_304 && String(pid) === reference) return undefined;
  return `${quote(reference)} is not a process id (1-4194304)`;
}

function pathProblem(reference: string): string | undefined {
  if (reference === '' || (reference.startsWith('/') && !reference.includes('\0'))) return undefined;
  return `${quote(reference)} is not an absolute path`;
}
