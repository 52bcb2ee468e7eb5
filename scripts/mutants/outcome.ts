/** What became of a named test. A defect that does not build, or a test that never ends, says nothing about the test. */
export type Outcome = 'passed' | 'failed' | 'did not build' | 'did not run' | 'did not end';
