// First: a namespace of its own, where no other file has devices of the same names.
import '../stage/own-namespace.ts';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRealRoot } from '../../scripts/test/debian.ts';
import { requires } from '../requires.ts';
import { programmedIn, programmedKinds, valuesOf } from './coverage.ts';
import { harm } from './damage.ts';
import { paper } from './example.ts';
import { examples } from './examples.ts';

test('every kind that the kernel engine programs has an example', () => {
  const shown = examples.flatMap(({ object }) => programmedIn(valuesOf(object(paper))).map(({ kind }) => kind));
  const lacking = programmedKinds.filter((kind) => !shown.includes(kind));
  assert.deepEqual(lacking, [], 'add an example to test/damage/examples.ts');
});

test('what is special about an object is said of one that is there', () => {
  for (const { title, object, nothing = [], unseen = [], shownBy = {} } of examples) {
    const keys = programmedIn(valuesOf(object(paper))).map(({ key }) => String(key));
    const named = [...nothing, ...unseen, ...Object.keys(shownBy)];
    assert.deepEqual(
      named.filter((key) => !keys.includes(key)),
      [],
      `${title}: ${keys.join(', ')}`,
    );
  }
});

describe('the loss of an object is seen, and healed by one operation', { skip: requires({ netns: true }) }, () => {
  for (const example of examples.filter(({ kernel }) => kernel === undefined)) {
    const denied = example.privileged === true && !isRealRoot() ? 'needs the user root of the machine' : false;
    const skip = denied || requires({ commands: ['ip', 'nft', 'bridge', ...(example.commands ?? [])] });
    test(example.title, { skip, timeout: 120_000 }, () => harm(example));
  }
});
