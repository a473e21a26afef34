const nothingTaken = 'Nothing was collected. The desk is as it was.'
const partsDiscarded =
  'Nothing of this collect is used. What arrived whole stays for the next try, until it is pruned.'

/** Failures while a request is read and its content is collected, and on every way to a registry. */
export const collectFailures = {
  'request-form': {
    happened: 'The request is not valid, line {line}, column {column}: {found}. Expected: {expected}.',
    safe: nothingTaken,
    next: 'Correct the request and collect again.',
  },
  'path-outside': {
    happened: 'The path {path} (line {line}, column {column}) leads out of the folder of the request.',
    safe: nothingTaken,
    next: 'Copy the content into the folder of the request, without links that lead out of it.',
  },
  'content-elsewhere': {
    happened: '{path} does not lie in the folder of this request ({folder}).',
    safe: 'The request was not changed.',
    next: 'Copy it into that folder, or begin a request of its own for it.',
  },
  'file-title': {
    happened: 'The file name {found} cannot be carried. Expected: {expected}.',
    safe: nothingTaken,
    next: 'Rename the file and correct the request.',
  },
  'archive-refused': {
    happened:
      '{path} is not carried: {subject} is not as it must be ({reason}). Expected: {expected}. Found: {found}.',
    safe: nothingTaken,
    next: 'Ask whoever gave it to you for it again. What is wrong with it in all [“sallyport look” says|“Look into a file” says].',
  },
  'archive-parts': {
    happened: '{path} is one of several files that are one thing together: {found}.',
    safe: nothingTaken,
    next: 'Ask for each of them as a file, or put them together first and ask for that.',
  },
  'archive-items': {
    happened: '{path} ({found}) holds something that has no digest of its own, and that would stay behind.',
    safe: nothingTaken,
    next: 'Carry it whole: leave out “as”, or write “as: whole”.',
  },
  'package-expected': {
    happened: '{path} was asked for as a Zarf package, and it is {found}.',
    safe: nothingTaken,
    next: 'Ask for it as what it is, or name the package.',
  },
  'reference-form': {
    happened: 'This is not a reference that can be collected: {found}. Expected: {expected}.',
    safe: nothingTaken,
    next: 'Correct the reference.',
  },
  'destination-own': {
    happened: 'The request names this very desk, {found}, as a destination; expected are {expected}.',
    safe: 'Nothing was collected. Nothing was changed.',
    next: 'Name the high desk that the content is for, by the id on its card.',
  },
  'reference-twice': {
    happened: 'Two items of the request have the same reference or file name: {found}.',
    safe: nothingTaken,
    next: 'Keep one of them.',
  },
  'left-out-unknown': {
    happened: 'The request has no item {found} that could be left out. Expected: one of {expected}.',
    safe: nothingTaken,
    next: 'Name it as the request spells it.',
  },
  'all-left-out': {
    happened: 'Every item of the request was left out: {found}.',
    safe: partsDiscarded,
    next: 'Collect again when at least one of them can be had.',
  },
  'registry-limit': {
    happened:
      '{host} takes no more questions from here for now (status 429, for {subject}). It says when to ask again: {found}.',
    safe: partsDiscarded,
    next: 'Wait, or log in [with --auth-file|by a file of credentials, on the page of the request]: registries allow more to who is known. Then do it again: what arrived is kept. Signatures that could not be asked for would be missing on the far side.',
  },
  'not-found': {
    happened: 'There is no {subject}.',
    safe: partsDiscarded,
    next: 'Check the reference. Some registries also say this when they refuse access.',
  },
  'not-an-image': {
    happened: '{subject} is asked for as an image, but it is {found}.',
    safe: partsDiscarded,
    next: 'Ask for it as “artifact”, or check the reference.',
  },
  'platform-missing': {
    happened: '{subject} does not have the platform {expected}. It has: {found}.',
    safe: partsDiscarded,
    next: 'Correct “platforms” in the request, or leave it out to carry all.',
  },
  'auth-form': {
    happened: 'The file with registry credentials is not valid: {found}. Expected: {expected}.',
    safe: 'No credential was sent anywhere. Nothing was changed.',
    next: 'Use a file in the form of docker’s config.json, with user and password in “auths” or a program that holds them.',
  },
  'auth-store': {
    happened: 'The program {program}, which holds the credential for {host}, did not give it: {found}.',
    safe: 'No credential was sent to {host}. Nothing was changed.',
    next: 'See whether it is installed and unlocked, and whether docker login or podman login was done for {host}.',
  },
  'ca-form': {
    happened: 'The certificate authority given for {host} cannot be used: {found}.',
    safe: 'No connection was opened. Nothing was changed.',
    next: 'Give a file with certificates in PEM form.',
  },
  'client-form': {
    happened: 'The certificate that proves to {host} who asks cannot be used: {found}.',
    safe: 'No connection was opened. Nothing was changed.',
    next: 'Give one certificate in PEM form and its own key, without a passphrase.',
  },
  'registry-auth': {
    happened: 'The registry {host} refuses access to {subject} (status {status}).',
    safe: 'Nothing was collected or exported. Of credentials {sent}.',
    next: 'Check the credential for {host} in the file that was given[ (--auth-file)|], and what it may do.',
  },
  'registry-answer': {
    happened: 'The registry {host} answered status {status} for {subject}: {found}.',
    safe: 'What was under way is not used. Nothing looks finished that is not.',
    next: 'Try again later. If it stays, ask those who run the registry.',
  },
  'registry-lies': {
    happened:
      'The registry {host} delivered something else for {subject}. Expected {expected}, found {found}.',
    safe: 'What it delivered was thrown away.',
    next: 'Do not use this registry until it is clear why. Tell the security officer.',
  },
  'registry-unreachable': {
    happened: 'The host {host} cannot be reached, or the connection broke: {found}.',
    safe: 'What was under way is not used. Nothing looks finished that is not.',
    next: 'Check the name and the network, then try again.',
  },
  'redirect-refused': {
    happened: 'The host {host} sends us on in a way that is not allowed: to {found}. Expected: {expected}.',
    safe: 'We did not go there. No credential was sent there.',
    next: 'Ask those who run the registry. A registry on this computer must be asked for by its own name.',
  },
  'realm-refused': {
    happened:
      'The registry {host} names a place to get tokens from that is not asked: {found}. Expected: {expected}.',
    safe: 'We did not go there. No credential was sent there.',
    next: 'Ask those who run the registry to name that place rightly; behind something that ends TLS for it, its own address must be set with https.',
  },
  'network-refused': {
    happened: 'This desk opens no connection to {host}. Expected: {expected}.',
    safe: 'No connection was opened.',
    next: 'If the connection is wanted, the policy (high desk) or the request (low desk) must allow it.',
  },
  'tls-untrusted': {
    happened: 'The host {host} could not prove who it is: {found}.',
    safe: 'Nothing was sent to it.',
    next: 'If it has its own certificate authority, [name it with --ca|choose its certificate on the page of the request]. Never switch the check off.',
  },
  'tls-client': {
    happened:
      'The host {host} wants a certificate that proves who asks, and takes none that it was shown ({found}).',
    safe: 'Nothing was asked of it. No credential was sent to it.',
    next: 'Give the one that it gave out, with its key[: --client-cert, or --certs-dir|; that is done at the command line, not in this window].',
  },
  'tls-none': {
    happened: 'The host {host} answers, but speaks no TLS ({found}).',
    safe: 'Nothing was sent to it but the beginning of TLS.',
    next: 'Ask for it by the port that speaks TLS. Plain http is for a registry on this computer, where the item allows plain-http.',
  },
  'algorithm-refused': {
    happened: '{subject} is addressed with {found}. Only SHA-256 is carried.',
    safe: nothingTaken,
    next: 'Ask for it by a sha256 digest or by its tag.',
  },
  'manifest-refused': {
    happened:
      'The content of {subject} is not in the form that OCI and Docker have ({reason}): expected {expected}, found {found}.',
    safe: partsDiscarded,
    next: 'Ask whoever made or pushed it to push it again with a tool of today. If another registry has the same digest in this form too, it was made so.',
  },
  'manifest-type': {
    happened:
      'The registry {host} does not say clearly as what {subject} is to be read: {found}. Expected: {expected}.',
    safe: partsDiscarded,
    next: 'Ask those who run the registry, or have the content pushed again by a tool that states its type.',
  },
  'layout-damaged': {
    happened: 'The folder {path} is not a usable OCI image layout: {found}. Expected: {expected}.',
    safe: nothingTaken,
    next: 'Make the layout again with the tool that wrote it.',
  },
  'layout-several': {
    happened: 'The folder {path} holds {found}: more than one fits. Expected: {expected}.',
    safe: nothingTaken,
    next: 'Name one of them in full, as in oci:FOLDER:NAME, or by its digest, as in oci:FOLDER@sha256:….',
  },
  'too-large': {
    happened: '{subject} is larger than the {expected} bytes that are allowed for it.',
    safe: 'It was not kept.',
    next: 'Check that the reference is right. The limit protects this desk and cannot be raised.',
  },
  'too-many': {
    happened: '{subject}: there are more than the {expected} that are allowed.',
    safe: partsDiscarded,
    next: 'Split the request.',
  },
} as const
