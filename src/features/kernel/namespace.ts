/** From the namespace that a configuration names to the one the kernel has. */

import { NetNamespace_ReferenceType } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { NetNamespace } from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import { isKernelError } from '../../kernel/errors.ts';
import type { Namespace, NamespaceReference } from '../../kernel/namespace/namespace.ts';
import { SchedulerError } from '../../scheduler/errors.ts';
import type { GraphView } from '../../scheduler/handler.ts';
import type { KernelEngine } from './engine.ts';
import { namespaceMark } from './made-namespaces.ts';
import { namespaceDeparturesOf } from './namespace-departure.ts';
import { namespaceFactsOf } from './namespace-facts.ts';
import { isOwnNamespace, type Microservice, microserviceKey, namespaceLabel } from '../namespace/model.ts';

/** The namespace, or undefined when it is not there (yet). */
export function findNamespace(
  engine: KernelEngine,
  graph: Pick<GraphView, 'applied'>,
  namespace: NetNamespace | undefined,
): Namespace | undefined {
  const reference = referenceOf(graph, namespace);
  const found = reference && engine.driver.namespaces.find(reference);
  namespaceFactsOf(engine).saw(namespace, found !== undefined);
  return found;
}

/** As `findNamespace`, but a named one (NSID) that does not exist is made. */
export function obtainNamespace(
  engine: KernelEngine,
  graph: Pick<GraphView, 'applied'>,
  namespace: NetNamespace | undefined,
): Namespace | undefined {
  const departures = namespaceDeparturesOf(engine);
  departures.entered(namespace);
  const found = findNamespace(engine, graph, namespace);
  if (found || namespace?.type !== NetNamespace_ReferenceType.NSID) return found;
  try {
    const made = engine.driver.namespaces.create(namespace.reference, namespaceMark(engine));
    departures.made(namespace.reference);
    return made;
  } catch (error) {
    // Somebody else was faster.
    if (!isKernelError(error, 'EEXIST')) throw error;
    return findNamespace(engine, graph, namespace);
  }
}

/** As `obtainNamespace`, but throws a retriable SchedulerError when it is not there. */
export function namespaceOf(
  engine: KernelEngine,
  graph: Pick<GraphView, 'applied'>,
  namespace: NetNamespace | undefined,
): Namespace {
  const found = obtainNamespace(engine, graph, namespace);
  if (!found) throw new SchedulerError('failed', `${namespaceLabel(namespace)} is not there`, { retriable: true });
  return found;
}

function referenceOf(
  graph: Pick<GraphView, 'applied'>,
  namespace: NetNamespace | undefined,
): NamespaceReference | undefined {
  if (namespace === undefined || isOwnNamespace(namespace)) return { type: 'own' };
  switch (namespace.type) {
    case NetNamespace_ReferenceType.PID:
      return { type: 'pid', pid: Number(namespace.reference) };
    case NetNamespace_ReferenceType.FD:
      return { type: 'path', path: namespace.reference };
    case NetNamespace_ReferenceType.MICROSERVICE: {
      const running = graph.applied(microserviceKey(namespace.reference)) as Microservice | undefined;
      return running && { type: 'pid', pid: running.pid };
    }
    default:
      return { type: 'name', name: namespace.reference };
  }
}
