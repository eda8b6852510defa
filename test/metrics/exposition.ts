/** The text format of Prometheus, read strictly: https://prometheus.io/docs/instrumenting/exposition_formats/ */

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const HELP = /^# HELP ([a-zA-Z_:][\w:]*) (\S.*)$/;
const TYPE = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary)$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)",?/gy;
/** In any case, as Go reads them. */
const words: ReadonlyMap<string, number> = new Map([['+inf', Infinity], ['-inf', -Infinity], ['nan', NaN]]);
const suffixes: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] };

/** @throws Error for a line that is not of the format, a family that is there twice or has no type, a sample of another family, or that is there twice */
export function parseMetrics(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let family: (Omit<Family, 'samples'> & { readonly samples: Sample[] }) | undefined;
  let help: readonly [name: string, text: string] | undefined;
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, helped, words = ''] = HELP.exec(line) ?? [];
    const [, typed, type = ''] = TYPE.exec(line) ?? [];
    if (helped !== undefined) help = [helped, words];
    else if (typed !== undefined) {
      if (help?.[0] !== typed || families.has(typed)) throw new Error(`${typed} has no help, or is there twice`);
      families.set(typed, (family = { name: typed, help: help[1], type, samples: [] }));
    } else {
      const sample = sampleIn(line);
      const names = (suffixes[family?.type ?? ''] ?? ['']).map((suffix) => `${family?.name}${suffix}`);
      const key = `${sample.name}${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (family === undefined || !names.includes(sample.name) || seen.has(key)) throw new Error(`not here, or there twice: ${line}`);
      seen.add(key);
      family.samples.push(sample);
    }
  }
  return families;
}

/** Value of the sample with exactly these labels. @throws Error when it is not there */
export function valueOf(families: ReadonlyMap<string, Family>, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const found = samplesOf(families, name).find((sample) => sameLabels(sample.labels, labels));
  if (found === undefined) throw new Error(`there is no ${name}${JSON.stringify(labels)}`);
  return found.value;
}

/** Samples of that very name: of a histogram `name_count`, `name_sum` or `name_bucket`. */
export function samplesOf(families: ReadonlyMap<string, Family>, name: string): readonly Sample[] {
  return [...families.values()].flatMap(({ samples }) => samples.filter((sample) => sample.name === name));
}

function sampleIn(line: string): Sample {
  const [, name, inner = '', number = ''] = SAMPLE.exec(line) ?? [];
  const labels = [...inner.matchAll(LABEL)];
  const value = words.get(number.toLowerCase()) ?? Number(number);
  const isNumber = !Number.isNaN(value) || number.toLowerCase() === 'nan';
  if (name === undefined || labels.map(([whole]) => whole).join('') !== inner || !isNumber) throw new Error(`not of the format: ${line}`);
  return { name, labels: Object.fromEntries(labels.map(([, label = '', text = '']) => [label, text])), value };
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
