import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import {
  NetNamespace_ReferenceType as Type,
  NetNamespaceSchema,
} from '../../model/gen/ligato/linux/namespace/namespace_pb.js';
import type { Problem } from '../../scheduler/kind.ts';
import {
  isOwnNamespace,
  microserviceKey,
  namespaceDependency,
  namespaceLabel,
  reportNamespace,
  sameNamespace,
} from './model.ts';

const namespace = (type: Type, reference = '') => create(NetNamespaceSchema, { type, reference });

test("nothing set is the agent's own namespace, and so is a file without path", () => {
  for (const own of [undefined, namespace(Type.UNDEFINED), namespace(Type.FD)]) {
    assert.ok(isOwnNamespace(own));
    assert.ok(sameNamespace(own, undefined));
    assert.equal(namespaceDependency(own), undefined);
  }
  assert.ok(!isOwnNamespace(namespace(Type.NSID, 'pod1')));
});

test('each namespace has a label of its own', () => {
  const labels = [Type.NSID, Type.PID, Type.FD, Type.MICROSERVICE].map((type) => namespaceLabel(namespace(type, '17')));
  assert.equal(new Set(labels).size, 4);
  assert.equal(labels[0], 'namespace 17');
});

test('a container has to run', () => {
  assert.equal(microserviceKey('web'), 'linux/microservice/web');
  assert.deepEqual(namespaceDependency(namespace(Type.MICROSERVICE, 'web')), {
    label: 'microservice web',
    key: 'linux/microservice/web',
  });
});

test('what is wrong is reported at its field', () => {
  const problems: Problem[] = [];
  reportNamespace(problems, namespace(Type.PID, '-1'));
  assert.deepEqual(
    problems.map(({ field }) => field),
    ['namespace.reference'],
  );
});
