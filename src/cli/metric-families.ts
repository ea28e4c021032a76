/** Metrics as Prometheus reads them (text exposition format 0.0.4), for programs that read JSON or YAML. */

export interface MetricFamily {
  readonly name: string;
  /** counter, gauge, histogram, summary or untyped. */
  readonly type: string;
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  /** That of the family, or with `_bucket`, `_sum`, `_count` after it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `NaN`, `+Inf` and `-Inf` are text: JSON has no numbers for them. */
  readonly value: number | string;
}

interface OpenFamily extends MetricFamily {
  readonly samples: MetricSample[];
}

/** Families with a name or samples that contain one of the texts; all, without any. */
export function metricFamilies(text: string, containing: readonly string[] = []): readonly MetricFamily[] {
  const isAsked = (line: string) => containing.length === 0 || containing.some((part) => line.includes(part));
  const families: OpenFamily[] = [];
  let current: OpenFamily | undefined;
  const family = (name: string): OpenFamily => {
    if (current?.name !== name) families.push((current = { name, type: 'untyped', help: '', samples: [] }));
    return current;
  };
  for (const line of text.split('\n')) {
    const [, word, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (word !== undefined) {
      Object.assign(family(name), word === 'TYPE' ? { type: rest } : { help: unescaped(rest) });
    } else if (line !== '' && !line.startsWith('#')) {
      const sample = sampleOf(line);
      if (sample === undefined) continue;
      const owner = current && isOf(sample.name, current) ? current : family(sample.name);
      if (isAsked(owner.name) || isAsked(line)) owner.samples.push(sample);
    }
  }
  return families.filter(({ name, samples }) => samples.length > 0 || isAsked(name));
}

function isOf(name: string, family: MetricFamily): boolean {
  return ['', '_bucket', '_sum', '_count'].some((suffix) => name === family.name + suffix);
}

function sampleOf(line: string): MetricSample | undefined {
  const [, name, labelled = '', value = ''] =
    /^([A-Za-z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? (\S+)/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const labels = [...labelled.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, label = '', text = '']) => [label, unescaped(text)] as const,
  );
  const number = Number(value);
  return { name, labels: Object.fromEntries(labels), value: Number.isFinite(number) ? number : value };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
}
