// The timestamp is that of the event; a completion happens when it is reported.
const data = payload.data ?? {};
const status = payload.event.slice('interview.'.length);
return {
  interview_id: payload.interview_id,
  status,
  score: data.score ?? null,
  recommendation: data.recommendation ?? null,
  transcript_url: data.transcript_url ?? null,
  recording_url: data.recording_url ?? null,
  completed_at: status === 'completed' ? payload.timestamp ?? null : null,
  insights: data.insights ?? null,
  occurred_at: payload.timestamp ?? null
};
