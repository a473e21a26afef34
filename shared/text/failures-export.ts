/** Failures while accepted content is exported or reported. */
export const exportFailures = {
  'export-target': {
    happened: 'The target {path} cannot be used: {found}. Expected: {expected}.',
    safe: 'The target was not touched.',
    next: 'Choose another target.',
  },
  'target-shared': {
    happened:
      'Other accounts may write in {path}: one of them could put something else in the place of what is written.',
    safe: 'Nothing was written.',
    next: 'Choose a folder that only this account may write in (chmod go-w), or one like /tmp that protects what each account puts there.',
  },
  'target-changed': {
    happened:
      'What was being written is no longer at {path}: it was taken away, or something else was put there. Expected: {expected}. Found: {found}.',
    safe: 'What is there now was neither changed nor removed. What was written may still lie elsewhere, unfinished.',
    next: 'If the medium was taken out, write again. If not, find out who did it, and choose a place where nobody else may write.',
  },
  'export-names': {
    happened: 'The content cannot have these names at the target: {found}. Expected: {expected}.',
    safe: 'The target was not touched.',
    next: 'Export to a folder or a layout instead, or with another prefix.',
  },
  'archive-no-image': {
    happened: 'Nothing of this can be in a docker archive, which holds images only: {found}.',
    safe: 'No file was made.',
    next: 'Export [with --to dir:DIR or --to oci-archive:FILE|to a folder or an OCI archive] instead: they hold everything.',
  },
  'archive-platform': {
    happened:
      'A docker archive holds one platform of an image. {subject} carries: {found}. Expected: {expected}.',
    safe: 'No file was made.',
    next: 'Name one that every image carries[ with --platform OS/ARCH|], or export [with --to oci-archive:FILE|to an OCI archive], which holds them all.',
  },
  'archive-layer': {
    happened:
      'The layer {subject} is not what its image says that it is, unpacked. Expected: {expected}. Found: {found}.',
    safe: 'No file was made. The accepted content at this desk is intact: it is, byte for byte, what was signed.',
    next: 'No engine runs this image. Tell its maker, or export the others without it. [--to oci-archive:FILE|An OCI archive] holds it as it is.',
  },
  'archive-packing': {
    happened: 'The layer {subject} is packed with {found}, which cannot be unpacked here.',
    safe: 'No file was made. The accepted content at this desk is intact.',
    next: 'Export [with --to oci-archive:FILE|to an OCI archive], which holds layers as they are.',
  },
  'export-tag-taken': {
    happened:
      'At the registry {host} tags that this content would take hold something else: {found}. Expected: nothing, or {expected}.',
    safe: 'Nothing was sent. The registry is as it was.',
    next: 'Ask those who run the registry what lies there. To move the tags, export again with [--move-tags|“Move tags that hold something else”]; what they held is put on the record. Or give another path or a map of names.',
  },
  'map-form': {
    happened: 'The map of names is not valid, line {line}, column {column}: {found}. Expected: {expected}.',
    safe: 'The target was not touched.',
    next: 'Correct the map and export again.',
  },
  'registry-changed-digest': {
    happened: 'The registry {host} holds {subject} with another digest. Expected {expected}, found {found}.',
    safe: 'The accepted content at this desk is intact. What the registry holds under that name is not it.',
    next: 'Do not run what lies there. Ask those who run the registry.',
  },
  'export-auth': {
    happened: 'The registry {host} refuses access for {subject} (status {status}).',
    safe: 'The accepted content at this desk is intact. Of credentials {sent}.',
    next: 'Check that the credential for {host}[ (--auth-file)|] may push there, then export again: what is there already is not sent again.',
  },
  'upload-too-large': {
    happened:
      'Something before the registry {host} does not let {subject} through, not even {expected} bytes at once (status {status}).',
    safe: 'The accepted content at this desk is intact. What arrived there stays there.',
    next: 'Ask those who run {host} to let more through at once (nginx: client_max_body_size), then export again: what is there already is not sent again.',
  },
  'export-missing': {
    happened: 'The registry {host} knows no place for {subject} (status {status}): {found}.',
    safe: 'The accepted content at this desk is intact. What arrived there stays there.',
    next: 'See whether the project or repository exists there and whether this account may push to it, then export again.',
  },
  'tag-fixed': {
    happened:
      'The registry {host} does not let {subject} be written again (status {status}): its tags are fixed, and something lies there already.',
    safe: 'The content lies there, and what refers to it; what engines look for at that tag is not complete.',
    next: 'Ask those who run the registry to except tags that begin with “sha256-”, then export again: what is there already is not sent again.',
  },
  'export-lost': {
    happened:
      'The registry {host} does not take {subject} (status {status}), because it does not have {found}, which it has answered that it took.',
    safe: 'The accepted content at this desk is intact. {subject} does not lie there.',
    next: 'Export again: what is not there is sent again. If it stays so, ask those who run the registry.',
  },
  'index-refused': {
    happened:
      'The registry {host} does not take {subject}, an index from which platforms were left out: {found}.',
    safe: 'The accepted content at this desk is intact. No tag was set. No other index was made: its digest would differ.',
    next: 'Export [with --sparse platforms|“The platforms, as images of their own”], use a registry that takes such an index, or let the low side carry all platforms.',
  },
} as const
