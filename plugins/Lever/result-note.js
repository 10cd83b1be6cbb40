// Everything that is known stands in the note, because an opportunity has no fields of its own.
const label = v => settings.labels[v] ?? v;
const lines = [input.status == null ? settings.noteTitle : `${settings.noteTitle}: ${label(input.status)}`];
if (input.score != null) lines.push(`Score: ${round(input.score, settings.scoreDecimals)} of 10`);
if (input.recommendation != null) lines.push(`Recommendation: ${label(input.recommendation)}`);
if (input.transcript_url != null) lines.push(`Transcript: ${input.transcript_url}`);
if (input.recording_url != null) lines.push(`Recording: ${input.recording_url}`);
return lines.join('\n');
