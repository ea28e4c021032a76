/** Prometheus' text format (version 0.0.4), as much of it as an agent writes. */

export interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly value: number;
  readonly help: string;
  readonly type: string;
}

export function parseMetrics(text: string): readonly Sample[] {
  const help = new Map<string, string>();
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      (comment[1] === 'HELP' ? help : types).set(comment[2] ?? '', comment[3] ?? '');
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (sample === null) continue;
    const [, name = '', labels = '', value = ''] = sample;
    const family = name.replace(/_(bucket|sum|count)$/, '');
    samples.push({
      name,
      labels,
      value: Number(value),
      help: help.get(name) ?? help.get(family) ?? '',
      type: types.get(name) ?? types.get(family) ?? 'untyped',
    });
  }
  return samples;
}
