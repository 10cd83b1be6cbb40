// A field that is not sent stays as it is.
const fields = { 'interview-status': input.status, 'interview-score': input.score, 'interview-recommendation': input.recommendation, 'interview-transcript': input.transcript_url, 'interview-recording': input.recording_url };
return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
