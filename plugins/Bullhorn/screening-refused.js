const long = ['transcript_url', 'recording_url'].find(m => /^customText[0-9]+$/.test(settings.fields[m] ?? '') && (input[m] ?? '').length > 100);
return long === undefined ? null
  : `'${settings.fields[long]}' holds 100 characters and '${long}' has ${input[long].length}. Name a customTextBlock field in settings.fields, or null for a note.`;
