// The next page's number, and the moment as of which all pages of a pass are read.
const results = (response.body.Get_Candidates_Response ?? response.body.Get_Assess_Candidate_Response)?.Response_Results;
const page = Number(results?.Page ?? 1);
return page < Number(results?.Total_Pages ?? 1) ? `${page + 1} ${poll.next?.split(' ')[1] ?? poll.until ?? poll.now}` : null;
