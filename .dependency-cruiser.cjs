/**
 * Who may import whom (design: docs/explanation/architecture.md). Every rule here is broken once, on purpose, by
 * test/house/imports.test.ts. Type-only imports count: a type is a dependency of the reader too.
 */

const { Visitor } = require('@swc/core/Visitor.js');

// The visitor that dependency-cruiser walks the code with does not know `using`; it is a variable declaration like others.
const { visitStatement } = Visitor.prototype;
Visitor.prototype.visitStatement = function (statement) {
  if (statement.type === 'UsingDeclaration')
    return { ...statement, decls: this.visitVariableDeclarators(statement.decls) };
  return visitStatement.call(this, statement);
};

const test = '[.]test[.]ts$';
/** Test files and what only test files import (`testing.ts`, `testing/`). */
const tests = [test, '[/-]testing([.]ts$|/)', '/scenarios/'];

/** Rooms from bottom to top; each may import itself and the rooms listed. */
const rooms = {
  model: [],
  app: [],
  store: ['app', 'model/key'],
  bus: ['app'],
  allocate: ['app', 'store', 'model/key'],
  scheduler: ['model'],
  kernel: ['app', 'model'],
  vpp: ['app', 'model'],
  features: ['model', 'scheduler', 'kernel', 'vpp', 'allocate', 'store', 'app'],
  agent: ['model', 'scheduler', 'kernel', 'vpp', 'features', 'allocate', 'store', 'bus', 'app'],
  client: ['model', 'scheduler', 'agent', 'store', 'app'],
};
const systems = ['kubernetes', 'sfc', 'nsm', 'vpn'];
const belowSystems = [...Object.keys(rooms)];
for (const system of systems) rooms[system] = belowSystems;

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import only: ${[room, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: tests },
  to: { path: '^src/', pathNot: [room, ...allowed].map((name) => `^src/${name}(/|[.]ts$)`) },
}));

/** Tests of a room may use any room below or beside it, but nothing above: a test of the scheduler knows no feature. */
const testRules = ['model', 'app', 'store', 'bus', 'allocate', 'scheduler', 'kernel', 'vpp'].map((room) => ({
  name: `test-${room}`,
  comment: `tests of src/${room} know nothing of features and what stands on them`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: `^src/${room}/(?!.*(${tests.join('|')}))` },
  to: { path: '^src/(features|agent|client|kubernetes|sfc|nsm|vpn|cli)/' },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...testRules,
    {
      name: 'feature-handlers',
      comment:
        "a feature may import another feature's model.ts (or model/), kernel-metadata.ts and vpp-metadata.ts, never its handlers; what the handlers of an engine share is in kernel/ and vpp/",
      severity: 'error',
      from: { path: '^src/features/([^/]+)/', pathNot: tests },
      to: {
        path: '^src/features/[^/]+/',
        pathNot: [
          '^src/features/$1/',
          '^src/features/[^/]+/model([.]ts$|/)',
          '^src/features/[^/]+/(kernel|vpp)-metadata[.]ts$',
          '^src/features/(kernel|vpp)/',
        ],
      },
    },
    {
      name: 'production-needs-no-tests',
      comment: 'src imports nothing of test, bench, examples or scripts, and no test file; tests may',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: ['^(test|bench|examples|scripts)/', test] },
    },
    {
      name: 'production-needs-no-dev-packages',
      comment: 'what src imports has to be a dependency, or it is missing where the package is installed',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'modules that need each other are one module, or lack a third',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'the imported file or package has to exist',
      severity: 'error',
      from: {},
      // Examples outside the package import it by name; test/package type-checks and runs them.
      to: { couldNotResolve: true, pathNot: ['^node:', '^ligature(/|$)'] },
    },
    {
      name: 'no-utils',
      comment: 'a helper lives with the one that needs it, or is a noun of its own',
      severity: 'error',
      from: {},
      to: { path: '/(util|utils|helper|helpers|common|misc)(/|[.]ts$)', pathNot: 'node_modules' },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)generated/', '(^|/)gen/', '^dist/', '^web/'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.node'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
