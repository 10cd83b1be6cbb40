// The change was made when our assessment holds what was to be written: its status, and every line of its comment.
const application = input.application_id.split(':').pop();
const data = response.body.Get_Assess_Candidate_Response?.Response_Data?.Assess_Candidate_Data;
const own = [].concat(data ?? []).map(a => a.Candidate_Assessment_Data).find(a => a?.Assess_Candidate_Reference === settings.assessmentPrefix + application);
const result = reads.result;
const lines = [
  ['Status', result.status], ['Score', result.score], ['Recommendation', result.recommendation], ['Transcript', result.transcript_url], ['Recording', result.recording_url]
];
const comment = lines.filter(([, value]) => value !== null).map(([label, value]) => `${label}: ${value}`).join('\n');

return own && own.Assessment_Status_Reference?.Assessment_Status_ID === settings.statuses[result.status] && own.Overall_Assessment_Comment === comment
  ? { application_id: input.application_id, assessment_id: own.Assess_Candidate_Reference }
  : null;
