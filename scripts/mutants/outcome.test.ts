import { describe, expect, it } from 'vitest';
import { cargoOutcome } from './run-cargo.ts';
import { type VitestReport, vitestOutcome } from './run-vitest.ts';

const ran = (...lines: string[]): string => ['running 2 tests', ...lines].join('\n');

describe('the outcome of a Rust test', () => {
  it.each([
    ['passed', ran('test echo::is_checked ... ok')],
    ['passed', ran('test is_checked - should panic ... ok')],
    ['failed', ran('test is_checked ... FAILED')],
    ['failed', ran('error: process didn’t exit successfully (signal: 6, SIGABRT)')],
    ['did not run', ran('test is_checked_twice ... ok')],
    ['did not build', 'error[E0308]: mismatched types'],
  ])('is %s', (outcome, output) => {
    expect(cargoOutcome(output, 'is_checked')).toBe(outcome);
  });
});

const report = (status: string, ...tests: [string, string][]): VitestReport => ({
  testResults: [{ status, assertionResults: tests.map(([fullName, state]) => ({ fullName, status: state })) }],
});

describe('the outcome of a vitest test', () => {
  it.each<[string, VitestReport, number]>([
    ['passed', report('passed', ['an intent expires', 'passed'], ['an intent lives', 'skipped']), 0],
    ['passed', report('failed', ['an intent expires', 'passed'], ['an intent lives', 'failed']), 1],
    ['failed', report('failed', ['an intent expires', 'failed'], ['an old intent expires', 'passed']), 1],
    // An error outside every test
    ['failed', report('passed', ['an intent expires', 'passed']), 1],
    ['did not run', report('passed', ['an intent expires', 'skipped']), 0],
    ['did not build', report('failed'), 1],
  ])('is %s', (outcome, read, status) => {
    expect(vitestOutcome(read, status, 'intent expires')).toBe(outcome);
  });
});
