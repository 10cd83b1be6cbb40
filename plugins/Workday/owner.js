const found = [].concat(response.body.Get_Assess_Candidate_Response?.Response_Data?.Assess_Candidate_Data ?? [])[0];
return found ? `${found.Candidate_Reference[settings.idTypes.candidate]}:${input.application_id}` : null;
