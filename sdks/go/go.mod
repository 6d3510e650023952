module github.com/hookwright/hookwright/sdks/go

go 1.19
