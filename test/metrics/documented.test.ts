/** What is written for operators is what the programs say. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { z } from 'zod';
import { nodeKnown, routerKnown, type Known } from './known.js';

const doc = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const known: readonly Known[] = [...nodeKnown(), ...routerKnown()];

describe('docs/metrics.md', () => {
  const rows = [...doc('metrics.md').matchAll(/^\| `(ringmaster_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm)].map(([, name = '', type = '', labels = '', help = '']) => ({
    name, type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label), help,
  }));

  test('has every metric once, with its type, labels and help', () => {
    const byName = (a: Known, b: Known): number => (a.name < b.name ? -1 : 1);
    expect([...rows].sort(byName)).toEqual([...known].sort(byName));
  });

  test('says what to do about every alert', () => {
    const told = [...doc('metrics.md').matchAll(/^\| `(Ringmaster\w+)` \|/gm)].map(([, name]) => name);
    expect(told).toEqual(rules.map(({ alert }) => alert));
  });
});

const rule = z.strictObject({
  alert: z.string().regex(/^Ringmaster[A-Z]\w+$/),
  expr: z.string(),
  for: z.string().regex(/^\d+[sm]$/).optional(),
  labels: z.strictObject({ severity: z.enum(['page', 'ticket']) }),
  annotations: z.strictObject({ summary: z.string() }),
});
const file = z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule) })) });
const rules = file.parse(parse(doc('alerts.yml'))).groups.flatMap((group) => group.rules);

/** The metric that a series belongs to. */
const metricOf = (series: string): Known | undefined => known.find(({ name, type }) => series === name || (type === 'histogram' && ['_bucket', '_sum', '_count'].some((suffix) => series === name + suffix)));

interface Parts {
  readonly faults: readonly string[];
  readonly series: readonly string[];
  readonly labels: readonly string[];
}

function partsOf(expr: string): Parts {
  const faults: string[] = [];
  const series: string[] = [];
  const labels: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from, to }) => {
      const text = expr.slice(from, to);
      if (type.isError) faults.push(`at ${from}: ${expr.slice(from)}`);
      else if (type.name === 'Identifier') series.push(text);
      else if (type.name === 'LabelName') labels.push(text);
    },
  });
  return { faults, series, labels };
}

describe('docs/alerts.yml', () => {
  test('the parser finds a fault where there is one', () => {
    expect(partsOf('sum((ringmaster_node_links) > ').faults).not.toEqual([]);
  });

  test.each(rules.map(({ alert, expr, annotations }) => [alert, expr, annotations.summary]))('%s asks for series and labels that there are', (_alert, expr, summary) => {
    const { faults, series, labels } = partsOf(expr);
    expect(faults).toEqual([]);
    expect(series.filter((each) => metricOf(each) === undefined)).toEqual([]);
    // Prometheus adds the instance; buckets have `le`.
    const there = ['instance', 'le', ...series.flatMap((each) => metricOf(each)?.labels ?? [])];
    expect(labels.filter((label) => !there.includes(label))).toEqual([]);
    // A sum knows only the labels that it is made by.
    const shown = [...summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    expect(shown.filter((label) => (/\b(sum|max|count|histogram_quantile)\b/.test(expr) ? !labels.includes(label) : !there.includes(label)))).toEqual([]);
  });

  test.each(rules.map(({ alert, expr }) => [alert, expr]))('%s does not look at a counter as it stands', (_alert, expr) => {
    const { series } = partsOf(expr);
    const counters = series.filter((each) => each.endsWith('_total') || each.endsWith('_bucket'));
    expect(counters.filter((each) => !new RegExp(`(rate|increase)\\(${each}\\[`).test(expr))).toEqual([]);
  });
});
