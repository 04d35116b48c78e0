#include "oracle.hpp"

#include <cstdlib>
#include <csignal>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace nettcp::interop {

oracle::oracle(const std::vector<std::string>& command) {
    int questions[2];
    int answers[2];
    if (pipe(questions) != 0 || pipe(answers) != 0)
        throw std::runtime_error("no pipe");
    std::signal(SIGPIPE, SIG_IGN);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, questions[0], 0);
    posix_spawn_file_actions_adddup2(&actions, answers[1], 1);
    for (const int descriptor : {questions[0], questions[1], answers[0], answers[1]})
        posix_spawn_file_actions_addclose(&actions, descriptor);
    std::vector<char*> words;
    for (const std::string& word : command)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    setenv("TZ", "UTC", 1);  // local times must mean the same to both sides
    const int failed = posix_spawnp(&child_, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(questions[0]);
    close(answers[1]);
    to_child_ = fdopen(questions[1], "w");
    from_child_ = fdopen(answers[0], "r");
    if (failed != 0)
        throw std::runtime_error("cannot start " + command.front());
}

oracle::~oracle() {
    std::fclose(to_child_);
    std::fclose(from_child_);
    if (child_ > 0)
        waitpid(child_, nullptr, 0);
}

std::string oracle::ask(const std::string& question) {
    std::fwrite(question.data(), 1, question.size(), to_child_);
    std::fputc('\n', to_child_);
    if (std::fflush(to_child_) != 0)
        throw std::runtime_error("the oracle has gone");
    // By the octet: a message of .NET may quote a document's NUL.
    std::string answer;
    for (int c = std::getc(from_child_); c != EOF; c = std::getc(from_child_)) {
        if (c == '\n')
            return answer;
        answer.push_back(static_cast<char>(c));
    }
    throw std::runtime_error("the oracle has gone");
}

}  // namespace nettcp::interop
