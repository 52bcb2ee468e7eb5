import { render } from 'preact';
import { App } from './app.tsx';
import { watchConnection } from './connection.ts';
import { start } from './lifecycle.ts';
import { reportUse } from './report-use.ts';
import { reportVisibility } from './report-visibility.ts';

const root = document.getElementById('wallet');
if (root !== null) {
  render(<App />, root);
  watchConnection();
  reportUse();
  reportVisibility();
  void start();
}
