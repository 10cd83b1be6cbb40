// Result members are absent before completion.
const i = response.body;
return {
  interview_id: i.interview_id,
  status: i.status,
  score: i.score ?? null,
  recommendation: i.recommendation ?? null,
  transcript_url: i.transcript_url ?? null,
  recording_url: i.recording_url ?? null,
  completed_at: i.completed_at ?? null,
  insights: i.insights ?? null
};
