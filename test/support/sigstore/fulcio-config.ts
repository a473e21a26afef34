import { stringify } from 'yaml'

const github = {
  'default-template-values': { url: 'https://github.com', environment: '' },
  'extension-templates': {
    'github-workflow-trigger': 'event_name',
    'github-workflow-sha': 'sha',
    'github-workflow-name': 'workflow',
    'github-workflow-repository': 'repository',
    'github-workflow-ref': 'ref',
    'build-signer-uri': '{{ .url }}/{{ .job_workflow_ref }}',
    'build-signer-digest': 'job_workflow_sha',
    'runner-environment': 'runner_environment',
    'source-repository-uri': '{{ .url }}/{{ .repository }}',
    'source-repository-digest': 'sha',
    'source-repository-ref': 'ref',
    'source-repository-identifier': 'repository_id',
    'source-repository-owner-uri': '{{ .url }}/{{ .repository_owner }}',
    'source-repository-owner-identifier': 'repository_owner_id',
    'build-config-uri': '{{ .url }}/{{ .workflow_ref }}',
    'build-config-digest': 'workflow_sha',
    'build-trigger': 'event_name',
    'run-invocation-uri':
      '{{ .url }}/{{ .repository }}/actions/runs/{{ .run_id }}/attempts/{{ .run_attempt }}',
    'source-repository-visibility-at-signing': 'repository_visibility',
    'deployment-environment': 'environment',
  },
  'subject-alternative-name-template': '{{ .url }}/{{ .job_workflow_ref }}',
}

/** Fulcio's configuration: an email issuer, a GitHub-like one and a SPIFFE one. */
export function fulcioConfig(name: (path: string) => string): string {
  const issuer = (path: string, more: object): [string, object] => [
    name(path),
    { 'issuer-url': name(path), 'client-id': 'sigstore', ...more },
  ]
  return stringify(
    {
      'oidc-issuers': Object.fromEntries([
        issuer('email', { type: 'email' }),
        issuer('github', { type: 'ci-provider', 'ci-provider': 'github-workflow' }),
        issuer('spiffe', { type: 'spiffe', 'spiffe-trust-domain': 'priv.test' }),
      ]),
      'ci-issuer-metadata': { 'github-workflow': github },
    },
    { lineWidth: 0 },
  )
}

/** Claims of a GitHub-like workflow run; its identity is {@link workflowIdentity}. */
export const workflowClaims = {
  sub: 'repo:field/app:ref:refs/heads/main',
  event_name: 'push',
  sha: 'a'.repeat(40),
  workflow: 'release',
  repository: 'field/app',
  ref: 'refs/heads/main',
  job_workflow_ref: 'field/app/.github/workflows/release.yml@refs/heads/main',
  job_workflow_sha: 'a'.repeat(40),
  runner_environment: 'github-hosted',
  repository_id: '17',
  repository_owner: 'field',
  repository_owner_id: '4',
  workflow_ref: 'field/app/.github/workflows/release.yml@refs/heads/main',
  workflow_sha: 'a'.repeat(40),
  run_id: '99',
  run_attempt: '1',
  repository_visibility: 'public',
} as const

/** The name in a certificate for {@link workflowClaims}. */
export const workflowIdentity = `https://github.com/${workflowClaims.job_workflow_ref}`
