/** The pages, in the order of the navigation; `key` after `g` opens one. */
export const places = [
  { path: '/', name: 'Overview', key: 'o' },
  { path: '/topology', name: 'Topology', key: 't' },
  { path: '/graph', name: 'Graph', key: 'g' },
  { path: '/objects', name: 'Objects', key: 'b' },
  { path: '/transactions', name: 'Transactions', key: 'x' },
  { path: '/configuration', name: 'Configuration', key: 'c' },
  { path: '/counters', name: 'Counters', key: 'n' },
  { path: '/logs', name: 'Log levels', key: 'l' },
] as const;
