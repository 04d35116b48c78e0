#pragma once

#include <nettcp/calls/typed_call.hpp>
#include <nettcp/client/client.hpp>

namespace nettcp {

/// Calls a typed operation, blocking: `call(service, add(7, 5)).value()`. Throws `nettcp::failure`.
template <class Operation>
typed_reply<Operation> call(client& service, const contract::request<Operation>& request,
                            const call_options& options = {}) {
    typed_reply<Operation> answer;
    diagnostics why =
        answer.read(*request.operation, service.call(request.operation->shape().action, request,
                                                     typed::options_for(request, options)));
    if (why.code)
        throw failure(std::move(why));
    return answer;
}

/// Sends a typed one-way message, blocking. Throws `nettcp::failure`.
template <class Operation>
void send(client& service, const contract::request<Operation>& request,
          const call_options& options = {}) {
    service.send(request.operation->shape().action, request, typed::options_for(request, options));
}

}  // namespace nettcp
