import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterDrawing, clusterOf, type GraphPage, objectDrawing, pageDrawing } from './neighbourhood.ts';

/** A bridge domain with a port that needs an interface which is not there. */
const page: GraphPage = {
  nodes: [
    { key: 'bd', label: 'lan', model: 'bridge', state: 'CONFIGURED' },
    { key: 'bd/port', label: '', model: 'port', state: 'PENDING', parent: 'bd' },
    { key: 'tap', label: 'tap1', model: 'interface', state: 'INVALID' },
  ],
  edges: [
    { from: 'bd', to: 'bd/port', type: 'part', label: '', satisfied: true },
    { from: 'bd/port', to: 'bd', type: 'dependency', label: 'bridge lan', satisfied: true },
    { from: 'bd/port', to: 'tap', type: 'dependency', label: 'interface tap1', satisfied: false },
  ],
  outside: [],
  total: 3,
};

test('a neighbourhood shows parts, and does not say twice that a part needs its base', () => {
  const { boxes, edges } = pageDrawing(page);
  assert.deepEqual(
    boxes.map(({ title }) => title),
    ['lan', 'bd/port', 'tap1'],
  );
  assert.deepEqual(
    edges.map(({ from, to, type }) => [from, to, type]),
    [
      ['bd', 'bd/port', 'part'],
      ['bd/port', 'tap', 'dependency'],
    ],
  );
});

test('what a part needs is what its object needs', () => {
  const { boxes, edges } = objectDrawing(page);
  assert.deepEqual(
    boxes.map(({ id }) => id),
    ['bd', 'tap'],
  );
  assert.deepEqual(edges, [{ from: 'bd', to: 'tap', type: 'dependency', label: 'interface tap1', satisfied: false }]);
});

test('many values are one box for each model and state, which leads to its values', () => {
  const summary = {
    total: 9000,
    states: {},
    models: { bridge: { CONFIGURED: 1 }, interface: { INVALID: 1, CONFIGURED: 8998 } },
  };
  const { boxes, edges } = clusterDrawing(summary, page);
  assert.deepEqual(
    boxes.map(({ title, state }) => [title, state]),
    [
      ['1 × bridge', 'CONFIGURED'],
      ['1 × interface', 'INVALID'],
      ['8998 × interface', 'CONFIGURED'],
    ],
  );
  assert.equal(edges.length, 1);
  assert.deepEqual(clusterOf(edges[0]?.to ?? ''), { model: 'interface', state: 'INVALID' });
  assert.equal(clusterOf('config/vpp/v2/interfaces/a b'), undefined);
});
