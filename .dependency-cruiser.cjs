/** The direction of imports (see README): a change that breaks it fails the check. */
/** A folder's product code: a test may reach further. */
const area = (name) => ({ path: `^${name}/`, pathNot: '[.]test[.]tsx?$' });
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid('no-cycles', 'A cycle hides which part owns what.', {}, { circular: true }),
    forbid('shared-is-alone', 'shared imports only itself and small libraries.', area('shared'), {
      path: '^(wasm|browser|worker-edge|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid('wasm-knows-shared-only', 'The engine implements ports of shared.', area('wasm'), {
      path: '^(browser|worker-edge|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid('edge-alone', 'The edge holds no engine and knows no other side.', area('worker-edge'), {
      path: '^(wasm|browser|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid('nodes-alone', 'Nodes know neither edge nor browser.', area('party-nodes'), {
      path: '^(browser|worker-edge|local-world|scripts|test|bench)/',
    }),
    forbid('browser-alone', 'The browser knows neither edge nor nodes.', area('browser'), {
      path: '^(worker-edge|party-nodes|local-world|scripts|test|bench)/',
    }),
    forbid(
      'only-the-worker-computes',
      'In the browser only the Worker loads the engine.',
      { path: '^browser/', pathNot: '^browser/worker/|[.]test[.]tsx?$' },
      { path: '^wasm/' },
    ),
    forbid(
      'pages-take-only-the-type',
      'A page takes only the type of the Worker; the entry is a URL, not an import.',
      { path: '^browser/(wallet|frame|sdk)/', pathNot: '[.]test[.]tsx?$' },
      { path: '^browser/worker/', pathNot: '^browser/worker/main[.]ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-tests-in-the-product',
      'Only tests import tests.',
      { pathNot: '([.]test[.]tsx?$|^test/|^bench/)' },
      { path: '([.]test[.]tsx?$|^test/)' },
    ),
    forbid(
      'digests-come-from-readers',
      'What is signed was read: only a chain’s reader makes a digest into a task, and one builder of tests.',
      { pathNot: '^shared/chains/[a-z]+/read-[a-z]+[.]ts$|^shared/chains/signing-task[.]test[.]ts$|^test/support/made-up-task[.]ts$' },
      { path: '^shared/chains/signing-task[.]ts$' },
    ),
    forbid('no-unlisted-packages', 'What is imported is in package.json.', {}, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    forbid('no-unresolved', 'Every import resolves.', {}, { couldNotResolve: true, pathNot: '^cloudflare:' }),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/gen/', '/pkg/'] },
    exclude: { path: ['dist/', '[.]wrangler/', '[.]trefoil/', 'target/'] },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
